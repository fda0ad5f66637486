"""What Notion tells: https://developers.notion.com/reference/webhooks-events-delivery

That properties of a page have changed, and whose doing that was. The page is asked for."""

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

OF_INTEREST = "page.properties_updated"


@dataclass(frozen=True)
class Told:
    body: Mapping[str, Any]
    more: Mapping[str, Any]

    @classmethod
    def of(cls, hook: Hook) -> Told:
        return cls(json_object(hook.json, "What Notion sends"), hook.more)

    @property
    def key(self) -> str:
        return line(self.body.get("id"))

    @property
    def event(self) -> str:
        return line(self.body.get("type"))[:80]

    @property
    def is_of_interest(self) -> bool:
        return self.event == OF_INTEREST and bool(self.page)

    @property
    def page(self) -> str:
        return line(record(self.body.get("entity")).get("id"))

    @property
    def authors(self) -> list[Mapping[str, Any]]:
        """Of changes that were made together there may be several."""
        return [each for each in records(self.body.get("authors")) if line(each.get("id"))]

    @property
    def people(self) -> tuple[str, ...]:
        ids = [line(each["id"]) for each in self.authors if each.get("type") == "person"]
        return tuple(dict.fromkeys(ids))

    def events(self) -> Iterator[Event]:
        if not self.is_of_interest:
            yield Ignored(Reason.UNSUPPORTED, "A page makes an entry once its status is complete.")
        elif not self.more:
            yield Ignored(
                Reason.VANISHED, "The page is no longer at Notion, or not shared with us."
            )
        else:
            yield self._of_page()

    def _of_page(self) -> Event:
        statuses = record(self.more.get("statuses"))
        changed = [done for pk, done in statuses.items() if pk in self._changed]
        if not changed:
            return Ignored(Reason.UNSUPPORTED, "Something else than its status has changed.")
        key, at = f"page:{self.page}", instant(self.body.get("timestamp"))
        if not any(changed):
            return Retract(key=key, as_of=at)
        body = f"Completed “{line(self.more.get('title')) or 'untitled'}”"
        url = line(self.more.get("url"))
        return Draft(body=body, key=key, url=url, occurred_at=at, as_of=at, actor=self._actor)

    @property
    def _changed(self) -> tuple[Any, ...]:
        found = record(self.body.get("data")).get("updated_properties")
        return tuple(found) if isinstance(found, list) else ()

    @property
    def _actor(self) -> Actor:
        """A person, if there was one. Notion has verified the address of everybody there."""
        if not self.people:
            bot = next((line(each["id"]) for each in self.authors), "")
            return Actor(uid=bot, name="a bot of Notion", bot=True)
        person = record(record(self.more.get("people")).get(self.people[0]))
        name, mail = line(person.get("name")), line(person.get("email"))
        return Actor(uid=self.people[0], name=name, email=mail, vouched=True)
