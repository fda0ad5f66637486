"""A pretend calendar at a partner, for the tests of what is logged of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations import polling
from idonethis.integrations.models import IntegrationLink, Receipt, RegisteredHook, reconciling
from idonethis.integrations.tests.clock import Clock
from idonethis.simulators import visitor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN = "ada@example.org"


class Pretend:
    """The pretend partner at this address, whose clock goes as ours does. ``title``: how it calls
    that of an event; ``own``: Ada's calendar."""

    def __init__(self, url: str, clock: Clock, *, title: str = "summary", own: str = OWN) -> None:
        self.url = url
        self.clock = clock
        self.title = title
        self.own = own

    @property
    def now(self) -> datetime:
        return self.clock().replace(microsecond=0)

    def act(self, action: str, **values: Any) -> dict[str, Any]:
        return visitor.act(self.url, action, **values)

    def write(
        self,
        title: str = "",
        begins: timedelta = -3 * HOUR,
        lasts: timedelta = HOUR,
        *,
        calendar: str = "",
        by: str = "ada",
        **more: Any,
    ) -> str:
        """An event that begins then, from now on; returns its id."""
        begin = self.now + begins
        span = {"start": at(begin), "end": at(begin + lasts)}
        words = {self.title: title} if title else {}
        event = {**span, **words, **more}
        return str(self.act("write", calendar=calendar or self.own, by=by, event=event)["id"])

    def begin_of(self, event: str) -> datetime:
        kept = visitor.read(self.url, "things")[event]
        return datetime.fromisoformat(kept["start"]["dateTime"])

    def pass_time(self, span: timedelta) -> None:
        self.act("clock", forward=span.total_seconds())
        self.clock.shift(span)

    def hears(self) -> list[str]:
        """What is in the log a few seconds later, as the server does it by itself."""
        self.pass_time(timedelta(seconds=5))
        while polling.drain() or Receipt.drain():
            pass
        return log()

    def look(self) -> list[str]:
        """What is in the log when the calendar has been asked the next time."""
        IntegrationLink.objects.update(poll_at=self.clock())
        return self.hears()

    def knock(self, url: str, token: str, state: str = "exists") -> int:
        """What anybody hears who sends a message there."""
        return int(self.act("knock", url=url, token=token, state=state)["answer"])

    def look_after(self) -> None:
        """The next time that the server looks after its webhooks."""
        RegisteredHook.objects.update(check_at=self.clock())
        reconciling.drain()

    @property
    def channels(self) -> dict[str, Any]:
        return dict(visitor.read(self.url, "hooks"))

    def calls(self, path: str) -> list[dict[str, Any]]:
        return [each for each in self.journal("calls") if each["path"].endswith(path)]

    def journal(self, of: str) -> list[dict[str, Any]]:
        return list(visitor.read(self.url, "journal")[of])


def at(moment: datetime) -> dict[str, str]:
    return {"dateTime": moment.isoformat()}


def log() -> list[str]:
    return list(Entry.objects.alive().order_by("pk").values_list("body", flat=True))
