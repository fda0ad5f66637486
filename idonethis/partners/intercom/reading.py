"""What a notification of Intercom says:
https://developers.intercom.com/docs/references/webhooks/webhook-models"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    Retract,
    instant,
    json_object,
    line,
    record,
    records,
)

#: Subjects of mails come with their markup.
MARKUP = re.compile(r"<[^<>]{0,200}>")


@dataclass(frozen=True)
class Notification:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Notification:
        return cls(json_object(body, "A notification of Intercom"))

    def told(self) -> Event:
        topic = line(self.body.get("topic"))
        if topic == "ping":
            return Ignored(Reason.PING, "Intercom tried the address.")
        if topic == "conversation.admin.closed":
            return self._closed()
        if topic == "conversation.admin.opened":
            return Retract(key=self.key, as_of=self.at)
        return Ignored(Reason.UNSUPPORTED, f"Intercom’s “{topic}” never makes an entry.")

    @property
    def item(self) -> Mapping[str, Any]:
        return record(record(self.body.get("data")).get("item"))

    @property
    def key(self) -> str:
        return f"conversation:{line(self.item.get('id'))}"

    @property
    def at(self) -> datetime | None:
        return instant(self.item.get("updated_at")) or instant(self.body.get("created_at"))

    @property
    def part(self) -> Mapping[str, Any]:
        """A notification holds the one part of the conversation that it is about."""
        parts = records(record(self.item.get("conversation_parts")).get("conversation_parts"))
        return parts[-1] if parts else {}

    @property
    def subject(self) -> str:
        """What the customer wrote is between them and the support; a title is for everybody."""
        title = line(self.item.get("title"))
        return title or line(MARKUP.sub("", line(record(self.item.get("source")).get("subject"))))

    def _closed(self) -> Event:
        who = _teammate(record(self.part.get("author")))
        if not who.uid:
            return Ignored(Reason.NO_PERSON, "Intercom does not say who closed it.")
        named = f"the conversation “{self.subject}”" if self.subject else "a conversation"
        return Draft(
            body=f"Closed {named}",
            key=self.key,
            url=line(record(self.item.get("links")).get("conversation_web")),
            occurred_at=instant(self.part.get("created_at")) or self.at,
            as_of=self.at,
            actor=who,
            labels=tuple(
                line(tag.get("name")) for tag in records(record(self.item.get("tags")).get("tags"))
            ),
        )


def _teammate(said: Mapping[str, Any]) -> Actor:
    """Workflows and Fin close conversations, too, and are called bots."""
    return Actor(
        uid=line(said.get("id")),
        name=line(said.get("name")),
        email=line(said.get("email")),
        bot=line(said.get("type")) != "admin",
    )
