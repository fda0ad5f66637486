"""Services that say only that a mail is there, and hand it over to who asks with a key, which an
administrator of this server sets; and the one that asks whether its hooks are wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from idonethis import env
from idonethis.integrations.base import Client, NeedsPermission, NeedsReconnect, Never
from idonethis.integrations.shapes import line, record, records
from idonethis.partners.mail.services.rebuilt import headers_of, rebuilt

#: Where a name that we ask at stands, as ``Integration.address`` says it.
Address = Callable[[str], str]
#: https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
TOPIC = re.compile(r"arn:aws[a-z-]*:sns:(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9]):[0-9]+:[\w.-]+")
#: Where the answers are kept, and in them the topic that was confirmed.
TOLD, CONFIRMED = "told", "confirmed"


@dataclass(frozen=True)
class Service:
    """Headers that it says ``besides`` the others, and where in its answer a text stands."""

    name: str
    besides: Mapping[str, str]
    text: str
    html: str

    @property
    def key(self) -> str:
        return self.name.lower()

    @property
    def setting(self) -> str:
        return f"MAIL_{self.name.upper()}_KEY"

    def client(self, address: Address) -> Client:
        token = env.text(self.setting)
        if not token:
            raise Never(f"{self.name} hands mails over to who has a key: set {self.setting}.")
        headers = {"Authorization": f"Bearer {token}"}
        return Client(address(self.key), headers=headers, name=self.name)

    def kept(self, said: Mapping[str, Any]) -> dict[str, Any]:
        wanted = ("headers", self.text, self.html, *self.besides.values())
        return {self.key: {name: said[name] for name in wanted if name in said}}

    def mail(self, said: Mapping[str, Any]) -> bytes:
        headers = list(headers_of(said.get("headers")))
        there = {name.lower() for name, _ in headers}
        missing = {name: field for name, field in self.besides.items() if name not in there}
        besides = headers_of({name: said.get(field) for name, field in missing.items()})
        return rebuilt([*headers, *besides], said.get(self.text), said.get(self.html))


USUAL = {"from": "from", "to": "to", "subject": "subject"}
#: https://resend.com/docs/api-reference/emails/retrieve-received-email
RESEND = Service("Resend", {**USUAL, "message-id": "message_id"}, "text", "html")
#: https://docs.mailtrap.io/developers/inbound/messages
MAILTRAP = Service("Mailtrap", {**USUAL, "message-id": "rfc_message_id"}, "text_body", "html_body")


@dataclass(frozen=True)
class Announced:
    """A mail that is there."""

    service: Service
    path: str

    def ask(self, address: Address) -> dict[str, Any]:
        client = self.service.client(address)
        try:
            return self.service.kept(record(client.get(self.path).json))
        except (NeedsReconnect, NeedsPermission) as problem:
            raise Never(f"{problem} Look at {self.service.setting}.") from problem


@dataclass(frozen=True)
class Subscription:
    """Amazon asks who is there whether this topic is wanted; whoever posts it has the password."""

    topic: str
    token: str

    def ask(self, address: Address) -> dict[str, Any]:
        found = TOPIC.fullmatch(self.topic)
        if not found:
            raise Never(f"{self.topic[:100]} is no topic of Amazon SNS.")
        given = {"Action": "ConfirmSubscription", "TopicArn": self.topic, "Token": self.token}
        base = address("sns") or f"https://sns.{found['region']}.{_domain(self.topic)}"
        Client(base, name="Amazon SNS").get(f"/?{urlencode(given)}")
        return {CONFIRMED: self.topic}


def _domain(topic: str) -> str:
    return "amazonaws.com.cn" if topic.startswith("arn:aws-cn:") else "amazonaws.com"


def asks(said: Mapping[str, Any]) -> list[Announced | Subscription]:
    """What must be asked before a body that says this can be read."""
    if said.get("Type") == "SubscriptionConfirmation":
        return [Subscription(line(said.get("TopicArn")), line(said.get("Token")))]
    if said.get("type") == "email.received":
        name = line(record(said.get("data")).get("email_id"))
        return [Announced(RESEND, f"/emails/receiving/{quote(name, safe='')}")]
    return [_at_mailtrap(each) for each in _events(said) if not _is_example(each)]


def is_example(said: Mapping[str, Any]) -> bool:
    """What Mailtrap sends to try an address."""
    return all(map(_is_example, _events(said))) and bool(_events(said))


def mails(said: Mapping[str, Any]) -> list[bytes]:
    """Those in what was answered."""
    answers = records(said.get(TOLD))
    return [
        service.mail(record(each[service.key]))
        for each in answers
        for service in (RESEND, MAILTRAP)
        if service.key in each
    ]


def confirmed(said: Mapping[str, Any]) -> list[str]:
    """The topics from which hooks are wanted now."""
    return [line(each[CONFIRMED]) for each in records(said.get(TOLD)) if CONFIRMED in each]


def _events(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """https://docs.mailtrap.io/developers/inbound/webhooks"""
    events = records(said.get("events"))
    return [each for each in events if line(each.get("event")).startswith("inbound")]


def _is_example(event: Mapping[str, Any]) -> bool:
    return line(event.get("inbox_id")) == "1"


def _at_mailtrap(event: Mapping[str, Any]) -> Announced:
    inbox, name = (quote(line(event.get(each)), safe="") for each in ("inbox_id", "message_id"))
    return Announced(MAILTRAP, f"/inbound/inboxes/{inbox}/messages/{name}")
