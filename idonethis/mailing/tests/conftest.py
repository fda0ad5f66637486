"""A mail server that is really spoken to, and a clock to put forward."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress

from idonethis.entries.models import Entry
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.tests.clock import Clock
from idonethis.mailing import planning
from idonethis.mailing.models import Letter, MailChoice


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
        return port


class Sink:
    """Takes every mail, but to whom ``refuses`` says; ``answer`` is what it says to a mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses: set[str] = set()
        self.answer = "250 taken"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 well"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.mails.append(
                message_from_bytes(envelope.content.replace(b"\r\n", b"\n"), policy=policy.default)
            )
        return self.answer

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == address]


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    taking = Sink()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    controller = Controller(taking, hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    controller.start()
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    yield taking
    controller.stop()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.of(monkeypatch)


@pytest.fixture
def at(clock):
    """It is this moment everywhere, and everything that is due is planned and sent."""

    def at(moment):
        clock.shift_to(moment)
        run()

    return at


def run():
    while planning.drain():
        pass
    while Letter.drain():
        pass


@pytest.fixture
def choose(team):
    """What somebody wants, without the pages."""

    def choose(user, kind, **wanted):
        choice = MailChoice.objects.of(user.memberships.get(team=team))[kind]
        usual = {"is_on": choice.is_on, "at": choice.at, "days": choice.weekdays}
        choice.decide(**usual | wanted)
        return choice

    return choose


@pytest.fixture
def mailed(team, ada, grace, settings):
    """The link by which this team logs by mail; Ada and Grace have verified their addresses."""
    settings.MAIL_ADDRESS = "log@in.example.org"
    for person in (ada, grace):
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return IntegrationLink.objects.create(integration_type="mail", team=team, user=ada)


def mail(body="Oiled the mill", *, to="", sender="ada@example.org", **headers):
    """A mail as it arrives; a header of None is left out."""
    message = EmailMessage()
    usual = {"From": sender, "To": str(to), "Subject": "Today", "Message-ID": make_msgid()}
    for name, value in {**usual, **{n.replace("_", "-"): v for n, v in headers.items()}}.items():
        if value is not None:
            message[name] = value
    message.set_content(body)
    return message


def read_all():
    while Receipt.drain():
        pass


def logged():
    return [entry.body for entry in Entry.objects.order_by("pk")]
