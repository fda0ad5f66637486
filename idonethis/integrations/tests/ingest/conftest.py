from __future__ import annotations

import pytest

from idonethis.integrations.tests.ingest.serving import Served
from idonethis.integrations.tests.ingest.wire import Line

DONE = {"type": "done", "body": "Turned the crank", "uid": "1815"}


@pytest.fixture(scope="module")
def shared():
    """A server for many tests."""
    served = Served().start()
    yield served
    served.stop()


@pytest.fixture
def served(shared, transactional_db):
    return shared


@pytest.fixture
def lines():
    made = []
    yield made
    for line in made:
        line.close()


@pytest.fixture
def line(served, lines):
    """Opens a connection to the server."""

    def opened(**how):
        lines.append(Line(served.port, **how))
        return lines[-1]

    return opened


@pytest.fixture
def hook(link, signed):
    """A genuine hook as it goes over the wire. ``key`` makes it a delivery of its own; a header
    that is None is left out."""

    def made(
        key="crank", *, of=link, method="POST", target=None, version="HTTP/1.1", chunks=None, **more
    ):
        body, headers = signed(of, {**DONE, "key": key})
        headers |= {"host": "testserver", "x-acme-delivery": key}
        if chunks is None:
            headers["content-length"] = str(len(body))
        else:
            headers["transfer-encoding"] = "chunked"
            body = chunked(body) + chunks
        sent = {**headers, **{name.replace("_", "-"): value for name, value in more.items()}}
        target = target or f"/integrations/acme/hook/{of.hook_token}"
        lines = [f"{method} {target} {version}"]
        lines += [f"{name}: {value}" for name, value in sent.items() if value is not None]
        return "\r\n".join([*lines, "", ""]).encode() + body

    return made


def chunked(body: bytes) -> bytes:
    """In two pieces, without what ends it."""
    half = len(body) // 2
    pieces = (body[:half], body[half:])
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n"
