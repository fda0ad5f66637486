"""Reads one hook after the other from what comes over a connection. The parser is given a head or a
piece of one body at a time: so it is known where each request begins, and what is no usual hook can
be given to somebody else from its first byte on."""

from __future__ import annotations

import httptools

from idonethis.integrations.ingest import bounds
from idonethis.integrations.ingest.bodies import Arriving
from idonethis.integrations.ingest.request import Request

#: What a head ends with; the parser takes no other end of a line.
END = b"\r\n\r\n"


class Reader:
    """``arriving`` weighs what has come of a body that is not whole yet."""

    def __init__(self, arriving: Arriving) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._arriving = arriving
        self._weight = self._body_due = 0
        self._head = bytearray()
        #: What has come and is not read yet.
        self.unread = b""
        #: Of which a part is read.
        self.request: Request | None = None
        #: Whether what is unread begins with something else than a hook of the usual kind.
        self.is_strange = False

    def read(self) -> Request | None:
        """The next hook that is whole. None: more is to come first, or it is strange. Raises Full,
        and then nothing that follows can be read."""
        while self.unread and not self.is_strange:
            end = self._next()
            piece, self.unread = self.unread[:end], self.unread[end:]
            (self._read_body if self._body_due else self._read_head)(piece)
            if self.request and self.request.aimed and not self._body_due:
                return self.let_go()
        return None

    def _next(self) -> int:
        """Where the head or the body ends, or what has come of it."""
        if self._body_due:
            return self._body_due
        seam = bytes(self._head[-3:])
        end = (seam + self.unread).find(END) if seam else self.unread.find(END)
        return len(self.unread) if end < 0 else end + len(END) - len(seam)

    def _read_head(self, piece: bytes) -> None:
        self._head += piece
        try:
            self._parser.feed_data(piece)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.is_strange = True
        if self.is_strange or len(self._head) > bounds.MOST_HEAD:
            self.is_strange, self.request = True, None
            self.unread = bytes(self._head) + self.unread
        elif self.request and self.request.aimed:
            self.request.size = len(self._head)
            self._body_due = self.request.length
            self._head.clear()

    def on_message_begin(self) -> None:
        self.request = Request()

    def on_url(self, url: bytes) -> None:
        if self.request:
            self.request.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.request:
            self.request.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        request, parser = self.request, self._parser
        if request and parser.get_method() == b"POST" and parser.get_http_version() == "1.1":
            request.aim()
            request.is_last = not parser.should_keep_alive()
        self.is_strange = not (request and request.aimed)

    def _read_body(self, piece: bytes) -> None:
        self._parser.feed_data(piece)
        self._body_due -= len(piece)
        if self._body_due:
            self._arriving.add(len(piece))
            self._weight += len(piece)

    def on_body(self, body: bytes) -> None:
        if self.request:
            self.request.body.append(body)
            self.request.size += len(body)

    def let_go(self) -> Request | None:
        """Whatever is being read; it weighs nothing any more."""
        request, self.request = self.request, None
        self._arriving.remove(self._weight)
        self._weight = 0
        return request
