"""Takes mails from other mail servers: https://www.rfc-editor.org/rfc/rfc5321

Nobody may send anything on through it: it takes what is for its own addresses, and nothing else."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, close_old_connections

from idonethis import env
from idonethis.integrations.mails.naming import host
from idonethis.integrations.mails.reading import LARGEST
from idonethis.mailing.receiving import NotTaken, take, takes

log = logging.getLogger(__name__)

Result = TypeVar("Result")
#: Of one mail, and at once.
MOST_RECIPIENTS, MOST_CONNECTIONS = 20, 50
#: How long somebody may say nothing, in seconds, and how often the same command.
SILENCE, CALLS = 60.0, 40

STORED = "250 2.0.0 Stored"
LATER = "451 4.3.0 Nothing was stored. Try again later"
TOO_MANY = "452 4.5.3 Too many recipients"
NOBODY = "550 5.1.1 Nobody takes mail at this address"


class Taking:
    """Says yes only when a mail is stored."""

    def __init__(self) -> None:
        self._aside = ThreadPoolExecutor(2, thread_name_prefix="idonethis-smtp")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            if not await self._asked(lambda: takes(address)):
                return NOBODY
        except DatabaseError:
            return LATER
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = _with_return_path(envelope)
        try:
            await self._asked(lambda: take(raw, envelope.rcpt_tos))
        except NotTaken as problem:
            return f"550 5.7.1 {problem}"
        except DatabaseError as problem:
            log.warning("A mail could not be stored: %s", problem)
            return LATER
        return STORED

    async def _asked(self, ask: Callable[[], Result]) -> Result:
        """Databases make one wait, and a loop may not."""
        return await asyncio.get_running_loop().run_in_executor(self._aside, _closing, ask)

    def close(self) -> None:
        self._aside.shutdown()


def _closing(ask: Callable[[], Result]) -> Result:
    close_old_connections()
    try:
        return ask()
    finally:
        close_old_connections()


def _with_return_path(envelope: Envelope) -> bytes:
    """Where a mail ends, its sender is written on top of it:
    https://www.rfc-editor.org/rfc/rfc5321#section-4.4"""
    content, sender = envelope.content, "".join((envelope.mail_from or "").split()).strip("<>")
    raw = content if isinstance(content, bytes) else str(content or "").encode()
    return f"Return-Path: <{sender}>\r\n".encode("utf-8", "replace") + raw


class Few(SMTP):
    """So that nobody keeps others out by coming in all the time."""

    open = 0

    def connection_made(self, transport: Any) -> None:
        Few.open += 1
        if Few.open > MOST_CONNECTIONS:
            transport.write(b"421 4.7.0 Too many connections\r\n")
            transport.close()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        Few.open -= 1
        super().connection_lost(error)


class Listener(Controller):
    def factory(self) -> SMTP:
        return Few(
            self.handler,
            data_size_limit=LARGEST,
            hostname=host(),
            ident="I Done This",
            tls_context=_tls(),
            timeout=SILENCE,
            command_call_limit=CALLS,
            loop=self.loop,
        )


def _tls() -> ssl.SSLContext | None:
    """For STARTTLS, where a certificate is given."""
    certificate = env.text("MAIL_TLS_CERTIFICATE")
    if not certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, env.text("MAIL_TLS_KEY") or None)
    return context


@contextmanager
def listening(url: str) -> Iterator[None]:
    """At this host and port. Raises OSError where they are taken."""
    parts, taking = urlsplit(url), Taking()
    listener = Listener(taking, hostname=parts.hostname or "127.0.0.1", port=parts.port or 25)
    listener.start()
    try:
        yield
    finally:
        listener.stop()
        taking.close()
