"""The server, where it can be reached, and whether it can send mail."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection

from idonethis import __version__
from idonethis.doctor import processes
from idonethis.doctor.finding import Finding, bad, ok, warn
from idonethis.heartbeat import Heartbeat
from idonethis.integrations import registry
from idonethis.integrations.base import Posts, Receives
from idonethis.integrations.guard import CLOSED
from idonethis.integrations.http import Client, Failed
from idonethis.mailing.doors import IMAP, imap
from idonethis.mailing.models import Letter

START = "Start it: idonethis up"
MAIL_FIX = "Check EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS and the user's password."


def alive() -> Iterator[Finding]:
    yield from _here() if settings.INBOX == "inbox" else processes.alive()


def _here() -> Iterator[Finding]:
    last = Heartbeat.last()
    if last is None or not last.is_recent:
        since = f" Its last sign of life is {last.age / 60:.0f} minutes old." if last else ""
        yield bad("Server", f"No server runs on {settings.DATA}.{since}", fix=START)
    elif last.stuck:
        stuck = ", ".join(last.stuck)
        yield bad("Server", f"These of its workers are stuck: {stuck}.", fix="Start it anew.")
    elif last.version != __version__:
        says = f"It runs version {last.version}, and {__version__} is installed."
        yield warn("Server", says, fix="Start it anew.")
    else:
        yield ok("Server", f"It runs as process {last.pid}, and all its workers work.")


def address() -> Iterator[Finding]:
    """From here: whether others get through can be seen from outside alone."""
    settings.ALLOWED_ADDRESSES.append(settings.SITE.netloc)
    try:
        Client(settings.BASE_URL).get("/healthz")
    except Failed as problem:
        fix = "Set BASE_URL to the address that people use, and see that it leads here."
        yield bad("Address", f"{settings.BASE_URL} does not lead here. {problem}", fix=fix)
    else:
        yield _seen_from_outside()


def _seen_from_outside() -> Finding:
    url = settings.BASE_URL
    if not _is_public(settings.SITE.hostname or ""):
        return ok("Address", f"{url} answers, in this network alone. {_works_anyway()}")
    if not settings.HTTPS:
        fix = "Put a proxy with HTTPS in front, and set BASE_URL to its address."
        return warn("Address", f"{url} answers, but what is sent can be read on the way.", fix=fix)
    return ok("Address", f"{url} answers, and can be reached from the internet.")


def _is_public(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    addresses = [ip_address(str(info[4][0]).partition("%")[0]) for info in found]
    return not any(each in network for each in addresses for network in CLOSED)


def _works_anyway() -> str:
    """What needs no way in from the internet."""
    every = registry.every()
    near = [each.name for each in every if isinstance(each, Receives)]
    out = [each.name for each in every if isinstance(each, Posts)]
    return (
        f"Hooks of {_listed(near)} arrive only from this network; "
        f"entries go out to {_listed(out)} all the same."
    )


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def mail() -> Iterator[Finding]:
    if not settings.EMAIL_HOST:
        yield ok("Mail", "No mail server is set up, so password resets appear in the terminal.")
        return
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection(timeout=10):
            yield ok("Mail", f"{where} takes our mail.")
    except (OSError, SMTPException) as problem:
        yield bad("Mail", f"{where} does not take our mail: {problem}", fix=MAIL_FIX)
    yield from _waiting()


def _waiting() -> Iterator[Finding]:
    waiting = Letter.objects.filter(state="due").exclude(trouble="")
    if trouble := waiting.values_list("trouble", flat=True).first():
        says = f"{waiting.count()} mails wait, since they could not be sent: {trouble}"
        yield warn("Mail", says, fix=MAIL_FIX)


def mail_in() -> Iterator[Finding]:
    """Whether every door for mails is open."""
    for url in settings.MAIL_IN:
        parts = urlsplit(url)
        where = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
        try:
            _knock(url)
        except imap.Problem as problem:
            yield bad("Mail in", f"No mail comes in by {where}: {problem}", fix="Check MAIL_IN.")
        else:
            yield ok("Mail in", f"Mails come in by {where}.")


def _knock(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme in IMAP:
        with imap.Mailbox.opened(url):
            return
    host = "127.0.0.1" if parts.hostname in ("0.0.0.0", None) else parts.hostname  # noqa: S104
    socket.create_connection((host, parts.port or 25), timeout=10).close()
