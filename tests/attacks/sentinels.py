"""Servers at which nobody should arrive, and partners that answer as they like."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Loopback addresses of this machine: an "outside" that a test may open, and the sentinel's.
OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"


class Sentinel(ThreadingHTTPServer):
    """Counts whoever comes, and says what it is told to."""

    daemon_threads = True

    def __init__(self, host: str, answer=None) -> None:
        self.connections, self.answer, self.sent = 0, answer, 0
        super().__init__((host, 0), Answering)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}).start()

    def verify_request(self, request, client_address) -> bool:
        self.connections += 1
        return True

    def handle_error(self, request, client_address) -> None:
        """Whoever has heard enough hangs up."""

    @property
    def port(self) -> int:
        return self.server_address[1]

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.server.answer:
            return self.server.answer(self)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def log_message(self, *args):
        pass

    def write(self, content: bytes) -> None:
        self.wfile.write(content)
        self.server.sent += len(content)


@contextmanager
def listening(host: str, answer=None):
    server = Sentinel(host, answer)
    try:
        yield server
    finally:
        server.close()


def closing(handler, body: bytes) -> None:
    """A short answer, and the end of the connection."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.write(body)
    handler.close_connection = True
