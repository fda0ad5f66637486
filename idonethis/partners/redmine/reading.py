"""What a webhook says of an issue, in two dialects: Redmine's own, and that of the plugin.

https://github.com/redmine/redmine/blob/master/app/models/webhook_payload.rb
https://github.com/suer/redmine_webhook#post-data-example"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    Actor,
    instant,
    json_object,
    line,
    record,
    records,
)


@dataclass(frozen=True)
class Change:
    """``said`` is what holds the issue and the journal; ``event`` as Redmine itself names it."""

    event: str
    said: Mapping[str, Any]
    timestamp: Any = None

    @classmethod
    def of(cls, body: Any) -> Change:
        body = json_object(body, "A webhook of Redmine")
        if "payload" not in body:
            return cls(line(body.get("type")), record(body.get("data")), body.get("timestamp"))
        said = record(body.get("payload"))
        action = line(said.get("action"))
        return cls(f"issue.{'created' if action == 'opened' else action}", said)

    @property
    def issue(self) -> Mapping[str, Any]:
        return record(self.said.get("issue"))

    @property
    def id(self) -> str:
        return line(self.issue.get("id"))

    @property
    def key(self) -> str:
        return f"issue:{self.id}"

    @property
    def at(self) -> datetime | None:
        return instant(self.timestamp) or instant(self.issue.get("updated_on"))

    @property
    def status(self) -> Mapping[str, Any]:
        return record(self.issue.get("status"))

    @property
    def was_closed(self) -> bool:
        """By this very change. Not all Redmines say of a status that it is a closed one. But
        ``closed_on`` is the ``updated_on`` of when it was closed last, and stays when it is opened
        again:
        https://github.com/redmine/redmine/blob/master/app/models/issue.rb"""
        said, closed_on = self.status.get("is_closed"), instant(self.issue.get("closed_on"))
        just_now = closed_on is not None and closed_on == instant(self.issue.get("updated_on"))
        return just_now or (said is True and self.has_moved)

    @property
    def has_moved(self) -> bool:
        return self.event == "issue.created" or self.has_changed("status_id")

    def has_changed(self, name: str) -> bool:
        """Of what has changed, old plugins say nothing."""
        details = records(record(self.said.get("journal")).get("details"))
        return any(each.get("prop_key") == name for each in details)

    def url(self, site: str) -> str:
        """The plugin does not always know it, and Redmine itself never says it."""
        told = line(self.said.get("url"))
        if told.startswith(("http://", "https://")):
            return told
        return f"{site.rstrip('/')}/issues/{self.id}" if site else ""

    @property
    def who(self) -> Actor:
        """The work is that of whom the issue is assigned to; else of who closes it."""
        journal = record(self.said.get("journal"))
        author = self.issue.get("author") if self.event == "issue.created" else None
        said = self.issue.get("assignee") or self.issue.get("assigned_to")
        return person(said or journal.get("author") or journal.get("user") or author)


def person(said: Any) -> Actor:
    """Their address is a hint: Redmine lets everybody change their own unchecked."""
    said = record(said)
    parts = (line(said.get("firstname")), line(said.get("lastname")))
    return Actor(
        uid=line(said.get("id")),
        login=line(said.get("login")),
        name=line(said.get("name")) or " ".join(filter(None, parts)),
        email=line(said.get("mail")),
    )
