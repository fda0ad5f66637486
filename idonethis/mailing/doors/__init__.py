"""By which mails come in, as ``MAIL_IN`` says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from urllib.parse import urlsplit

from django.conf import settings

from idonethis.env import Misconfigured

SMTP, IMAP = "smtp", ("imap", "imaps")


@contextmanager
def opened() -> Iterator[None]:
    """Listens where that is asked for; mailboxes elsewhere are looked into by a lane. Raises
    Misconfigured."""
    with ExitStack() as doors:
        for url in settings.MAIL_IN:
            scheme = urlsplit(url).scheme
            if scheme not in (SMTP, *IMAP) or not settings.MAIL_ADDRESS:
                raise Misconfigured(
                    "MAIL_IN is smtp://HOST:PORT or imaps://USER:PASSWORD@HOST/FOLDER, and needs "
                    "MAIL_ADDRESS, the address to which mails come."
                )
            if scheme == SMTP:
                doors.enter_context(_listening(url))
        yield


@contextmanager
def _listening(url: str) -> Iterator[None]:
    """The package that speaks SMTP is needed by nobody else."""
    try:
        smtp = import_module("idonethis.mailing.doors.smtp")
    except ModuleNotFoundError as missing:
        raise Misconfigured(
            f"MAIL_IN listens for mail only with {missing.name}: pip install 'idonethis[mail]'"
        ) from missing
    with smtp.listening(url):
        yield
