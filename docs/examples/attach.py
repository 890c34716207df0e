#!/usr/bin/env python3
"""attach.py SOCKET SESSION: shows a session and types into it, with nothing but Python. ctrl-] leaves. docs/protocol.md tells the rest."""
import base64, json, os, select, socket, struct, sys, termios, time, tty

def connect(path, session, query):
    peer, key, head = socket.socket(socket.AF_UNIX), base64.b64encode(os.urandom(16)).decode(), b""
    peer.connect(path)
    peer.sendall((f"GET /v1/sessions/{session}/attach?{query} HTTP/1.1\r\nHost: sessiond\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: sessiond.v1\r\n\r\n").encode())
    while not head.endswith(b"\r\n\r\n"): head += exactly(peer, 1)
    if b" 101 " not in head.split(b"\r\n")[0]: sys.exit(head.split(b"\r\n")[0].decode())
    return peer

def exactly(peer, count):
    data = peer.recv(count, socket.MSG_WAITALL)
    if len(data) < count: raise ConnectionError("the connection was cut")
    return data

def send(peer, opcode, payload):  # a client masks; a key of zeros is one
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
    peer.sendall(bytes([0x80 | opcode]) + size + bytes(4) + payload)

def show(peer, at):  # takes one message; returns the close code when it is the last
    opcode, size = exactly(peer, 2)
    if size > 125: size, = struct.unpack(">H", exactly(peer, 2)) if size == 126 else struct.unpack(">Q", exactly(peer, 8))
    opcode, data = opcode & 15, exactly(peer, size)
    if opcode == 8: return struct.unpack(">H", data[:2])[0] if data else 1000
    if opcode == 9: send(peer, 10, data)
    if opcode == 1: at.update({k: v for k, v in json.loads(data).items() if k in ("epoch", "attachment", "code")})
    if opcode == 2 and data[0] in (1, 2):
        header = 9 if data[0] == 1 else 10  # [1][offset][bytes] is output, [2][flags][offset][bytes] a part of a snapshot
        if data[0] == 2 and data[1] & 1: at.pop("offset", None)
        os.write(1, data[header:])
        position, = struct.unpack(">Q", data[header - 8:header])
        if data[0] == 1 or data[1] & 2: at["offset"] = position + (len(data) - 9 if data[0] == 1 else 0)

def main(path, session):
    at, query, pause, code, left = {}, "takeover=1", 0.1, None, False
    where = "&cols=%d&rows=%d" % os.get_terminal_size() if os.isatty(1) else ""
    while not left and code in (None, 4010, 1001, 1006):
        try:
            peer, code = connect(path, session, query + where), None
            while code is None and not left:
                ready, _, _ = select.select([peer, 0], [], [])
                if peer in ready: code, pause = show(peer, at), 0.1
                if 0 in ready and code is None:
                    keys = os.read(0, 4096)
                    left = not keys or b"\x1d" in keys
                    send(peer, 8 if left else 2, struct.pack(">H", 1000) if left else b"\0" + keys)
        except OSError: code = 1006
        if "attachment" in at: query = f"resume={at['attachment']}" + (f"&since={at['epoch']}:{at['offset']}" if "offset" in at else "")
        if not left and code in (1001, 1006): time.sleep(pause); pause = min(pause * 2, 15)
    return 0 if left else at.get("code") or 0 if code == 4002 else f"\r\nclosed with {code}"
before = termios.tcgetattr(0) if os.isatty(0) else None
try:
    if before: tty.setraw(0)
    result = main(*sys.argv[1:3])
finally:
    if before: termios.tcsetattr(0, termios.TCSADRAIN, before)
sys.exit(result)
