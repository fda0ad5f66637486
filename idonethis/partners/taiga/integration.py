"""Taiga: a closed user story, task, issue or epic becomes a done, and so does a closed sprint.

https://docs.taiga.io/webhooks.html"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Place,
    Reason,
    Receives,
    Topic,
    line,
    record,
)
from idonethis.partners.taiga.reading import Change, events

TOPICS = {
    "userstory": Topic("Closed user stories", "user stories"),
    "task": Topic("Closed tasks", "tasks"),
    "issue": Topic("Closed issues", "issues"),
    "epic": Topic("Closed epics", "epics"),
    "milestone": Topic("Closed sprints", "sprints"),
}


class Taiga(Receives):
    name = "Taiga"
    category = "Planning"
    tagline = "Closed user stories, tasks, issues, epics and sprints become dones."
    asks = Asks(
        topics=TOPICS, place=Place("project", "projects", usual="every project"), labels=True
    )
    # https://docs.taiga.io/webhooks.html#_verify_signature
    signature = Hmac("X-TAIGA-WEBHOOK-SIGNATURE", algorithm="sha1")

    def summary(self, link: Link) -> str:
        said = self.asks.said(link.config)
        return f"Logs closed {', '.join(said)}" if said else "Logs nothing"

    def event(self, hook: Hook) -> str:
        said = record(hook.json)
        return ".".join(filter(None, (line(said.get("type")), line(said.get("action")))))[:80]

    def topic(self, hook: Hook) -> str:
        return line(record(hook.json).get("type"))

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        change = Change.of(hook.json)
        if change.action == "test":
            yield Ignored(Reason.PING, "Taiga has tried whether the address works.")
        elif change.kind not in TOPICS:
            yield Ignored(Reason.UNSUPPORTED, f"Taiga’s “{change.kind}” never makes an entry.")
        else:
            yield from events(change)


integration = Taiga()
