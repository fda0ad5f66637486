"""What Asana tells: https://developers.asana.com/docs/webhooks-guide#receive-events

Several events at once, each no more than that something changed. What the tasks are like now is
asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Hook,
    Ignored,
    Reason,
    Retract,
    instant,
    json_object,
    line,
    record,
    records,
)


@dataclass(frozen=True)
class Told:
    said: tuple[Mapping[str, Any], ...]
    more: Mapping[str, Any]

    @classmethod
    def of(cls, hook: Hook) -> Told:
        said = json_object(hook.json, "What Asana sends")
        return cls(tuple(records(said.get("events"))), hook.more)

    @property
    def event(self) -> str:
        if not self.said:
            return "heartbeat"
        first = self.said[0]
        kind = line(record(first.get("resource")).get("resource_type"))
        return ".".join(filter(None, (kind, line(first.get("action")))))[:80]

    @property
    def tasks(self) -> tuple[str, ...]:
        """Those that were completed, or taken up again; each once."""
        found = [record(each.get("resource")) for each in self.said if _is_completion(each)]
        gids = [line(each.get("gid")) for each in found if each.get("resource_type") == "task"]
        return tuple(dict.fromkeys(filter(None, gids)))

    def events(self) -> Iterator[Event]:
        if not self.said:
            yield Ignored(Reason.PING, "Asana said that it is still there.")
        elif not self.tasks:
            yield Ignored(Reason.UNSUPPORTED, "A task makes an entry once it is completed.")
        for gid in self.tasks:
            yield self._of_task(gid, record(record(self.more.get("tasks")).get(gid)))

    def _of_task(self, gid: str, task: Mapping[str, Any]) -> Event:
        if not task:
            return Ignored(Reason.VANISHED, "The task is no longer at Asana.")
        key, as_of = f"task:{gid}", instant(task.get("modified_at"))
        if task.get("completed") is not True:
            return Retract(key=key, as_of=as_of)
        return Draft(
            body=f"Completed “{line(task.get('name')) or 'untitled'}”",
            key=key,
            url=line(task.get("permalink_url")),
            occurred_at=instant(task.get("completed_at")),
            as_of=as_of,
            actor=self._actor(record(task.get("completed_by"))),
            labels=tuple(line(each.get("name")) for each in records(task.get("tags"))),
        )

    def _actor(self, person: Mapping[str, Any]) -> Actor:
        """Asana has verified the address of everybody who has an account there."""
        gid = line(person.get("gid"))
        mail = line(record(self.more.get("mails")).get(gid))
        return Actor(uid=gid, name=line(person.get("name")), email=mail, vouched=True)


def _is_completion(event: Mapping[str, Any]) -> bool:
    return line(record(event.get("change")).get("field")) == "completed"
