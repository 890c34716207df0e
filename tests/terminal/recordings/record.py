#!/usr/bin/env python3
"""Records what real programs print, for RecordingTests.cs.

    sudo tests/terminal/recordings/record.py [NAME...]

Each program runs in a pty, in namespaces of its own (host name "devbox", its own processes), in /tmp/demo with an environment that says
nothing about this machine; what is typed is in programs.py. NAME.rec.gz holds one line of JSON (name, cols, rows) and then
each read: its length in four bytes, big endian, and its bytes. A recording that names this machine is refused.
"""
import fcntl
import gzip
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import sys
import termios
import time

from programs import PROGRAMS, prepare

FOLDER = os.path.dirname(os.path.abspath(__file__))
DEMO = "/tmp/demo"

# A program is given this long to begin with an answer to a key, and is taken to have finished it after a silence.
PATIENCE_SECONDS = 4.0
SILENCE_SECONDS = 0.25

# What a terminal answers at once; programs such as vim and fish ask when they start. The place of the cursor is not kept here, and
# programs ask for it to find out the width of a character that they printed in the first column of the second row.
ANSWERS = [
    (rb"\x1b\[0?c", b"\x1b[?62;22;52c"),
    (rb"\x1b\[>0?c", b"\x1b[>1;10;0c"),
    (rb"\x1b\[5n", b"\x1b[0n"),
    (rb"\x1b\[6n", b"\x1b[2;2R"),
    (rb"\x1b\[\?u", b"\x1b[?0u"),
    (rb"\x1b\]10;\?(?:\x07|\x1b\\)", b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\"),
    (rb"\x1b\]11;\?(?:\x07|\x1b\\)", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
    (rb"\x1bP\+q[0-9A-Fa-f;]*\x1b\\", b"\x1bP0+r\x1b\\"),
    (rb"\x1bP\$q[^\x1b]*\x1b\\", b"\x1bP0$r\x1b\\"),
]


def spawn(argv, columns, rows):
    pid, master = pty.fork()
    if pid == 0:
        environment = {
            "HOME": DEMO, "USER": "dev", "LOGNAME": "dev", "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/games", "SHELL": "/bin/bash",
            "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "PS1": "dev$ ", "TMPDIR": DEMO, "npm_config_update_notifier": "false",
            "MAN_KEEP_FORMATTING": "1", "GIT_CONFIG_NOSYSTEM": "1", "HISTFILE": "/dev/null",
        }
        os.chdir(DEMO + "/project")
        isolated = ["unshare", "--uts", "--pid", "--fork", "--mount-proc", "sh", "-c", 'hostname devbox; exec "$@"', "sh", *argv]
        os.execvpe(isolated[0], isolated, environment)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    return pid, master


def read_until_silent(master, reads, seconds, silence=SILENCE_SECONDS):
    """Reads, and answers queries, until nothing came for a while; False at the end of the program."""
    end = time.monotonic() + seconds
    heard = False
    while time.monotonic() < end:
        if not select.select([master], [], [], min(silence, max(0, end - time.monotonic())) if heard else max(0, end - time.monotonic()))[0]:
            return True
        try:
            data = os.read(master, 65536)
        except OSError:
            return False
        if not data:
            return False
        heard = True
        reads.append(data)
        for pattern, answer in ANSWERS:
            for _ in re.findall(pattern, data):
                os.write(master, answer)
    return True


def typed(key, reads):
    """The bytes of a key: arrows begin otherwise while the program has asked for it (DECCKM)."""
    asked = re.findall(rb"\x1b\[\?1([hl])", b"".join(reads))
    return re.sub(rb"\x1b\[([ABCDF])", lambda key: b"\x1bO" + key[1], key.encode()) if asked and asked[-1] == b"h" else key.encode()


def record(name, program):
    columns, rows = program.get("size", (80, 24))
    pid, master = spawn(program["argv"], columns, rows)
    reads = []
    alive = read_until_silent(master, reads, program.get("patience", PATIENCE_SECONDS))
    for key in program["keys"]:
        if not alive:
            break
        os.write(master, typed(key, reads))
        alive = read_until_silent(master, reads, program.get("patience", PATIENCE_SECONDS))
    if alive and not program["keys"]:
        alive = read_until_silent(master, reads, 60, silence=60)
    if alive:
        os.kill(pid, signal.SIGTERM)
        read_until_silent(master, reads, 1)
        os.kill(pid, signal.SIGKILL)
    os.close(master)
    os.waitpid(pid, 0)
    whole = b"".join(reads)
    for word in (socket.gethostname(), os.environ.get("SUDO_USER") or "/home/", os.path.expanduser("~"), os.getcwd()):
        if word and word.encode() in whole:
            sys.exit(f"{name}: the recording names this machine: {word}: {whole[max(0, whole.index(word.encode()) - 60):][:150]}")
    with open(f"{FOLDER}/{name}.rec.gz", "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as out:
        out.write(json.dumps({"name": name, "cols": columns, "rows": rows}).encode() + b"\n")
        for data in reads:
            out.write(struct.pack(">I", len(data)) + data)
    print(f"{name}: {len(whole)} bytes, {len(reads)} reads, {os.path.getsize(f'{FOLDER}/{name}.rec.gz')} packed")


def main():
    names = sys.argv[1:] or list(PROGRAMS)
    for name in names:
        if shutil.which(PROGRAMS[name]["argv"][0]) is None:
            sys.exit(f"{name}: install {PROGRAMS[name]['argv'][0]}")
        prepare(DEMO)
        record(name, PROGRAMS[name])


if __name__ == "__main__":
    main()
