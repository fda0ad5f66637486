"""A line between a program and its server, which passes everything on, and may hold the answers or
lead elsewhere."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


class Line:
    def __init__(self, there: str) -> None:
        self.there = there
        self.holds = self.leads = ""
        self.held = threading.Event()
        self.released = threading.Event()
        self.passed: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._passing())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _passing(line):
        class Passing(BaseHTTPRequestHandler):
            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
                address = line.there + self.path
                with httpx.Client(trust_env=False, timeout=30) as web:
                    answer = web.request(self.command, address, content=body, headers=headers)
                line.passed.append(f"{self.command} {self.path}")
                if line.holds and self.command == line.holds:
                    line.held.set()
                    line.released.wait(60)
                    return
                self.send_response(302 if line.leads else answer.status_code)
                self.send_header("Location", line.leads + self.path)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *args):
                pass

            do_GET = do_POST = do_DELETE = pass_on

        return Passing

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
