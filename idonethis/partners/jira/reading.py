"""What a webhook of Jira says: https://developer.atlassian.com/cloud/jira/platform/webhooks/

Atlassian's cloud and a data center send the same, but for how they name people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    MILLISECONDS,
    Actor,
    Hook,
    Unreadable,
    instant,
    json_object,
    line,
    record,
    records,
)


@dataclass(frozen=True)
class Change:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Change:
        return cls(json_object(body, "A webhook of Jira"))

    @property
    def event(self) -> str:
        return line(self.body.get("webhookEvent"))

    @property
    def at(self) -> datetime | None:
        """When it happened. What the issue says of itself may be younger: it is looked up when the
        webhook is sent."""
        said = instant(self.body.get("timestamp"), per_second=MILLISECONDS)
        return said or instant(self.fields.get("updated"))

    @property
    def thing(self) -> Mapping[str, Any]:
        return record(self.body.get("issue")) or record(self.body.get("sprint"))

    @property
    def id(self) -> str:
        return line(self.thing.get("id"))

    @property
    def site(self) -> str:
        """Where this Jira is, without a slash at the end: ``self`` names a part of its REST API."""
        site, rest, _ = line(self.thing.get("self")).partition("/rest/")
        return site if rest else ""

    def key(self, kind: str) -> str:
        """Each Jira counts from 1, and a team may have two."""
        return f"{kind}:{self.site.partition('://')[2]}:{self.id}"

    @property
    def fields(self) -> Mapping[str, Any]:
        return record(record(self.body.get("issue")).get("fields"))

    @property
    def project(self) -> Mapping[str, Any]:
        return record(self.fields.get("project"))

    @property
    def has_moved(self) -> bool:
        """Into a status, or out of one; perhaps the resolution alone says so."""
        return self.event == "jira:issue_created" or self.has_changed("status", "resolution")

    def has_changed(self, *names: str) -> bool:
        """By their names; ``fieldId`` is that in English, whatever language Jira speaks."""
        items = records(record(self.body.get("changelog")).get("items"))
        return any(each.get("fieldId") in names or each.get("field") in names for each in items)

    @property
    def user(self) -> Actor:
        return person(record(self.body.get("user")))


def project_in(hook: Hook) -> str:
    """By its number; nothing, where it names none or cannot be read."""
    try:
        return line(Change(record(hook.json)).project.get("id"))
    except Unreadable:
        return ""


def person(said: Mapping[str, Any]) -> Actor:
    """In the cloud ``accountId`` names them, and their address is that of an Atlassian account,
    which is verified: https://support.atlassian.com/atlassian-account/docs/create-an-atlassian-account/
    In a data center ``key`` stays when ``name``, with which they sign in, is changed; anybody may
    write any address into their profile there."""
    account = line(said.get("accountId"))
    kind = line(said.get("accountType"))
    address = line(said.get("emailAddress"))
    return Actor(
        uid=account or line(said.get("key")) or line(said.get("name")),
        login="" if account else line(said.get("name")),
        name=line(said.get("displayName")),
        email=address if "@" in address else "",
        bot=kind == "app",
        vouched=bool(account) and kind == "atlassian",
    )
