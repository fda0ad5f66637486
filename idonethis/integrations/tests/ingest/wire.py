"""HTTP as bytes: what a sender writes, and what comes back, with nothing in between that would set
it right."""

from __future__ import annotations

import socket
import time
from typing import NamedTuple

#: The longest a test waits for an answer, in seconds.
PATIENCE = 20


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """One connection, from an address of this machine. ``ears``: how much of what it hears the
    system keeps for it, in bytes."""

    def __init__(self, port: int, *, of: str = "127.0.0.1", ears: int = 65536) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ears)
        self.socket.bind((of, 0))
        try:
            self.socket.connect(("127.0.0.1", port))
        except OSError:
            self.socket.close()
            raise
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.heard = b""

    def say(self, *pieces: bytes, pause: float = 0.002) -> Line:
        """Each as a segment of its own. Who has been let go meanwhile is not heard any more."""
        for number, piece in enumerate(pieces):
            if number:
                time.sleep(pause)
            try:
                self.socket.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                break
        return self

    def hears(self, count: int) -> list[Answer]:
        """So many answers, as soon as they are there; fewer, where the connection ends before."""
        while len(answers(self.heard)) < count and (more := self._more()):
            self.heard += more
        return answers(self.heard)

    def hears_all(self) -> list[Answer]:
        """Until the server has closed the connection."""
        while more := self._more():
            self.heard += more
        return answers(self.heard)

    def _more(self) -> bytes:
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:
            return b""

    @property
    def is_quiet(self) -> bool:
        """Whether the server has said nothing more, nor closed it."""
        self.socket.setblocking(False)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            """It is closed."""
        finally:
            self.socket.settimeout(PATIENCE)
        return False

    def close(self) -> None:
        self.socket.close()


def answers(heard: bytes) -> list[Answer]:
    """As far as they are whole. None of them is the answer to a HEAD, unless its length is 0."""
    found = []
    while heard:
        head, end, rest = heard.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        status = int(first.split()[1])
        length = 0 if status == 100 else int(headers.get("content-length", "0"))
        if not end or len(rest) < length:
            break
        found.append(Answer(status, headers, rest[:length]))
        heard = rest[length:]
    return found


def statuses(said: list[Answer]) -> list[int]:
    return [answer.status for answer in said]
