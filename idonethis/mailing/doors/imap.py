"""Empties a mailbox at a mail server: what is stored here is moved to a folder there. Nothing need
be remembered: what lies in the mailbox has not been taken, or is taken once more, and adds nothing.
https://www.rfc-editor.org/rfc/rfc3501"""

from __future__ import annotations

import imaplib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError

from idonethis.background import Lane
from idonethis.integrations.mails.reading import LARGEST, parsed, recipients
from idonethis.mailing.doors import IMAP
from idonethis.mailing.receiving import NotTaken, take

log = logging.getLogger(__name__)

MAILBOXES = Lane("mailboxes", every=30.0, patience=600.0)
#: How many are taken in one turn; how long a server may say nothing, in seconds.
FEW, SILENCE = 50, 30
#: Where mails go that were stored, and that were not.
STORED, NOT_TAKEN = "Logged", "Not logged"
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

Problem = (OSError, imaplib.IMAP4.error)


def drain() -> int:
    """Looks into each; returns how many mails were moved."""
    return sum(_emptied(url) for url in settings.MAIL_IN if urlsplit(url).scheme in IMAP)


def _emptied(url: str) -> int:
    try:
        with Mailbox.opened(url) as mailbox:
            return mailbox.empty()
    except Problem as problem:
        log.warning("The mailbox at %s waits: %s", urlsplit(url).hostname, problem)
        return 0


class Mailbox:
    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server
        # Most servers say all that they can do only to whom they have let in.
        [said] = _ok(server.capability())
        self.abilities = set((said or b"").decode("ascii", "replace").upper().split())

    @classmethod
    @contextmanager
    def opened(cls, url: str) -> Iterator[Self]:
        """Raises what is a Problem."""
        parts = urlsplit(url)
        server = _connected(parts)
        try:
            server.login(unquote(parts.username or ""), unquote(parts.password or ""))
            _ok(server.select(_quoted(unquote(parts.path).strip("/") or "INBOX")))
            yield cls(server)
        finally:
            server.shutdown()

    def empty(self) -> int:
        """As many as one turn takes, each stored before it is moved."""
        [found] = _ok(self._server.uid("SEARCH", "ALL"))
        uids = (found or b"").split()[:FEW]
        for uid in uids:
            self._move(uid.decode(), STORED if self._take(uid.decode()) else NOT_TAKEN)
        return len(uids)

    def _take(self, uid: str) -> bool:
        try:
            raw = self._fetched(uid)
            take(raw, recipients(parsed(raw)))
        except NotTaken as problem:
            log.info("A mail was put aside: %s", problem)
            return False
        except (DatabaseError, *Problem):
            raise
        except Exception:
            log.exception("A mail was put aside, since it could not be read")
            return False
        return True

    def _fetched(self, uid: str) -> bytes:
        """Its size first, so that nobody fills the memory with one."""
        [said, *_] = _ok(self._server.uid("FETCH", uid, "(RFC822.SIZE)"))
        size = _SIZE.search(said if isinstance(said, bytes) else b"")
        if size and int(size[1]) > LARGEST:
            raise NotTaken(f"It has {int(size[1]) // 1024 // 1024} MB.")
        answer = _ok(self._server.uid("FETCH", uid, "(BODY.PEEK[])"))
        found: bytes = next((part[1] for part in answer if isinstance(part, tuple)), b"")
        return found

    def _move(self, uid: str, folder: str) -> None:
        """In one step where the server can: https://www.rfc-editor.org/rfc/rfc6851"""
        self._server.create(_quoted(folder))  # mostly there already
        if "MOVE" in self.abilities:
            _ok(self._server.uid("MOVE", uid, _quoted(folder)))
            return
        _ok(self._server.uid("COPY", uid, _quoted(folder)))
        _ok(self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self.abilities:
            _ok(self._server.uid("EXPUNGE", uid))
        else:
            _ok(self._server.expunge())


def _connected(parts: SplitResult) -> imaplib.IMAP4:
    """Never in the clear where the server can do better."""
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(host, parts.port or 993, timeout=SILENCE)
    server = imaplib.IMAP4(host, parts.port or 143, timeout=SILENCE)
    if "STARTTLS" in server.capabilities:
        server.starttls()
    return server


def _ok(answer: tuple[str, Any]) -> Any:
    said, content = answer
    if said != "OK":
        raise imaplib.IMAP4.error(f"It said {said}: {content!r}"[:200])
    return content


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
