"""The programs that record.py runs, what is typed into them, and the folder they run in."""
import os
import shutil
import subprocess

UP, DOWN, RIGHT, LEFT, PAGE_DOWN, PAGE_UP, END = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[6~", "\x1b[5~", "\x1b[F"
F3, F5, F9, F10 = "\x1bOR", "\x1b[15~", "\x1b[20~", "\x1b[21~"

C_SOURCE = """/* 端末 — terminal demo */
#include <stdio.h>
#include <stdlib.h>

struct point { int x, y; const char *name; };

static int distance(const struct point *a, const struct point *b)
{
\tint dx = a->x - b->x, dy = a->y - b->y;
\treturn dx * dx + dy * dy;\t/* squared, so that it stays whole; a comment that is long enough to wrap on a terminal of eighty columns */
}

int main(int argc, char **argv)
{
\tstruct point points[] = { { 1, 2, "α" }, { 3, 5, "日本" }, { 8, 13, "😀" } };
\tfor (int i = 0; i < 3; i++)
\t\tfor (int j = 0; j < 3; j++)
\t\t\tprintf("%s → %s: %d\\n", points[i].name, points[j].name, distance(&points[i], &points[j]));
\treturn argc > 1 ? atoi(argv[1]) : 0;
}
"""

COLOURS = "".join(
    f"\x1b[3{i % 8}m{i:04d}\x1b[0m \x1b[1;4{i % 8}m level {i % 5} \x1b[0m \x1b[38;5;{i % 256}mmodule.{i}\x1b[0m "
    f"\x1b[38;2;{i % 256};{(i * 7) % 256};99m日本語 → text {'=' * (i % 90)}\x1b[0m\n"
    for i in range(300)
)

ZSHRC = """PROMPT='%F{green}dev%f:%F{blue}%1~%f$ '
RPROMPT='%F{yellow}[%?]%f'
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' menu select
"""


def prepare(folder):
    """The same files each time: sources, a coloured log, a git history with branches."""
    shutil.rmtree(folder, ignore_errors=True)
    project = folder + "/project"
    os.makedirs(project + "/src/deep/er")
    os.makedirs(project + "/node_modules/left")
    texts = {
        "src/demo.c": C_SOURCE, "colours.log": COLOURS, "README.md": "# Demo\n\nNothing *much*.\n", "src/deep/er/名前.txt": "wide name\n",
        "package.json": '{ "name": "demo", "version": "1.0.0", "scripts": { "build": "echo built", "test": "echo ok" }, "dependencies": { "left": "file:left" } }\n',
        "left/package.json": '{ "name": "left", "version": "2.1.0" }\n',
    }
    for name, text in texts.items():
        os.makedirs(os.path.dirname(f"{project}/{name}"), exist_ok=True)
        with open(f"{project}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    with open(folder + "/.zshrc", "w", encoding="utf-8") as file:
        file.write(ZSHRC)
    history(project)


def history(project):
    def git(*words):
        subprocess.run(["git", "-C", project, "-c", "user.name=Dev", "-c", "user.email=dev@example.org", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env={"PATH": os.environ["PATH"], "HOME": project, "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"})

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "Begin")
    for i in range(12):
        git("checkout", "-q", "-b", f"topic-{i}")
        git("commit", "-q", "--allow-empty", "-m", f"Topic {i}: a change with a subject 日本 that goes on for quite some columns, further than the screen is wide")
        git("commit", "-q", "--allow-empty", "-m", f"Topic {i}: second")
        git("checkout", "-q", "main")
        git("commit", "-q", "--allow-empty", "-m", f"Main {i}")
        git("merge", "-q", "--no-ff", f"topic-{i}", "-m", f"Merge topic {i} 🎉")


PROGRAMS = {
    "vim": {"argv": ["vim", "-u", "NONE", "-N", "-n", "-i", "NONE", "-c", "syntax on", "src/demo.c"], "keys": [
        ":set number list\r", "GoHello, 世界\tand more\x1b", "gg", "V3jd", "u", "/int\r", "n", "N", ":split colours.log\r", "\x17w", ":vsplit\r", "15G", "\x06", "\x06", "\x02",
        "ggzz", "5dd", "p", ":%s/level/LEVEL/g\r", "ihow are you? \x0e\x0e\x1b", "v10l~", ":help\r", PAGE_DOWN, ":only\r", ":set nowrap\r", "30l", ":qa!\r"]},
    "nvim": {"argv": ["nvim", "--clean", "-n", "src/demo.c"], "size": (100, 30), "keys": [
        ":set number cursorline\r", "Oanother line 漢字\x1b", "10j", "yyp", "ddu", ":vsplit colours.log\r", "\x06", "\x06", "G", "gg", "\x17w", "/print\r", ":terminal echo inside\r", "i\r", ":qa!\r"]},
    "htop": {"argv": ["htop", "-d", "5"], "keys": [DOWN, DOWN, F5, "\x1b[17~", DOWN, "\r", "h", "q", "q"], "patience": 1.2},
    "mc": {"argv": ["mc", "-u"], "keys": [DOWN, DOWN, "\t", DOWN, "\r", DOWN, F3, F10, F9, RIGHT, RIGHT, DOWN, DOWN, "\x1b\x1b", "\x1b[15~", "\t", "\x1b\x1b", F5, "x", "\x1b\x1b", "echo hello\r", F10, "\r"], "patience": 1.5},
    "less": {"argv": ["less", "-R", "colours.log"], "keys": [" ", " ", "b", "/level 3\r", "n", "N", "G", "g", "-S\r", RIGHT, LEFT, "10j", "5k", "h", "q", "q"]},
    "nano": {"argv": ["nano", "-I", "src/demo.c"], "keys": [
        DOWN, DOWN, "new text 日本 ", "\x0b", "\x0b", "\x15", "\x17return\r", "\x16", "\x19", "\x07", "\x18", "\x0fout.c\r", "\x18", "n"]},
    "emacs": {"argv": ["emacs", "-nw", "-Q", "src/demo.c"], "keys": [
        "\x0e\x0e\x0e", "\x05 // 端末", "\x18" + "2", "\x18o", "\x16", "\x1b>", "\x13int\r", "\x0b", "\x19", "\x18" + "3", "\x18\x06colours.log\r", "\x1b<", "\x1bxlist-colors-display\r", "\x18o",
        "\x18" + "1", "\x1f", "\x18\x03", "n", "yes\r"], "patience": 6},
    "git-log": {"argv": ["git", "--no-pager", "log", "--graph", "--oneline", "--decorate", "--color", "--all"], "keys": []},
    "git-log-pager": {"argv": ["sh", "-c", "LESS=RX git -c core.pager=less log --graph --color --stat"], "keys": [" ", " ", "/Topic 9\r", "n", "G", "q"]},
    "python": {"argv": ["/usr/bin/python3", "-q"], "keys": [
        "for i in range(3): print('x' * 70, i, '日本')\r", "\r", "1/0\r", UP, UP, "\r", "\x01print(\x05)\r", "impor\tt os\r", "os.pa\t\t", "\x03", "'\\u65e5' * 60\r", "exit()\r"]},
    "man": {"argv": ["man", "less"], "keys": [" ", " ", "/option\r", "n", "b", "G", "g", "q"]},
    "apt": {"argv": ["sh", "-c", "apt-get -s install --reinstall bash less; apt list --installed 'vim*' 2>&1; apt depends vim; apt show nosuch"], "keys": []},
    "npm": {"argv": ["sh", "-c", "npm install --offline --no-audit --no-fund ./left; npm ls; npm run; npm run build; npm help-search zebra; npm nosuch; npm pack --dry-run"], "keys": [], "patience": 8},
    "tmux": {"argv": ["tmux", "-L", "demo", "-f", "/dev/null", "new", "bash --norc --noprofile"], "keys": [
        "ls -l\r", "\x02%", "cat colours.log\r", "\x02\"", "vim -u NONE -n src/demo.c\r", "\x02o", "echo 日本語 wide\r", "\x02z", "\x02z", "\x02[", PAGE_UP, "q", "\x02c", "\x02n", "\x02w", "q", "\x02:kill-server\r"]},
    "cmatrix": {"argv": ["cmatrix", "-u", "9"], "keys": ["B", "r", "q"], "patience": 0.5},
    "dialog": {"argv": ["sh", "-c", "dialog --title Menu --menu 'Choose 日本' 15 50 5 1 One 2 Two 3 'Three 三'; dialog --checklist Check 12 40 4 a A on b B off c C off; "
                        "(for i in 10 40 70 100; do echo $i; sleep 0.1; done) | dialog --gauge Working 8 50; dialog --yesno Sure 7 30; dialog --inputbox Name 8 40; dialog --calendar Day 3 40 5 4 2026"],
               "keys": [DOWN, DOWN, "\r", DOWN, " ", "\r", "\t", "\r", "some 名 text\r", RIGHT, DOWN, "\r"], "patience": 1.5},
    "fish": {"argv": ["fish", "--private"], "keys": [
        "ls\r", "echo 日本 | cat\r", "cat src/\t", "\t", "\x03", "git sta\t", "\x03", "for i in (seq 3)\recho $i\rend\r", "nosuchcommand\r", "ls", "\x01echo \x05\r", "set -l \t\t", DOWN, "\x03", "exit\r"], "patience": 2},
    "zsh": {"argv": ["zsh"], "keys": [
        "ls -l\r", "echo ${(l:120::x:)}\r", "cat src/\t", "\t", "\t", "\r", "\x03", "git lo\t", "\x03", "print -P '%F{red}red 日本%f'\r", "false\r", "for i in 1 2\rdo echo $i\rdone\r", "\x12echo", "\r", "exit\r"], "patience": 2},
    "bash": {"argv": ["bash", "--norc", "--noprofile"], "keys": [
        "ls --color=always -l\r", "echo a long line that wraps on the terminal because it is longer than eighty columns are 日本語日本語", "\x01\x1bf\x1bf\x0b\x19\x05", "\r", "\x12long", "\r",
        "cat colours.log | head -40\r", "printf '\\033[2;5r\\033[5;1Hx\\n\\n\\033[r'\r", "clear\r", "stty -a\r", "exit\r"]},
    "top": {"argv": ["top", "-d", "0.5"], "keys": ["1", "z", "x", "m", "t", "q"], "patience": 1.2},
}
