"""Stands for a database, an API and a worker."""
import http.server
import socket
import sys
import time


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok\n")


match sys.argv[1:]:
    case ["serve", name, port]:
        print(f"{name} listens on {port}", flush=True)
        http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
    case ["migrate", port]:
        socket.create_connection(("127.0.0.1", int(port)), timeout=5).close()
        print("migrated")
    case ["work"]:
        print("waiting for jobs", flush=True)
        while True:
            time.sleep(60)
