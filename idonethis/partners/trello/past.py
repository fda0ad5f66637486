"""What happened on a board before it was linked: its actions are just what its webhooks tell.
https://developer.atlassian.com/cloud/trello/rest/api-group-boards/#api-boards-boardid-actions-get

They are looked through twice: from the newest on, for which cards are done by now; then a week at a
time, in the order in which they happened. So a card that was done twice is of the same day, and of
the same person, as if it had been heard of live, and one that was moved back leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from idonethis.integrations.base import (
    Client,
    Draft,
    Event,
    Hook,
    Never,
    PastPage,
    Retitle,
    Retract,
    instant,
    line,
    records,
)
from idonethis.partners.trello.reading import TYPES, Happening

WEEK = timedelta(days=7)
#: The most actions that Trello shows at once, and how often more are asked for before a pause.
FULL, FEW = 1000, 5


@dataclass(frozen=True)
class Asking:
    """For what was done with the cards of the board at this address; ``done`` is what lists are
    called that mean done."""

    client: Client
    board: str
    done: frozenset[str]

    def actions(self, since: str, before: str) -> list[Mapping[str, Any]]:
        """Newest first; ``before`` is an instant or the id of an action, empty for now."""
        asked = {"filter": ",".join(TYPES), "limit": FULL, "since": since}
        params = {**asked, "before": before} if before else asked
        return records(self.client.get(f"{self.board}/actions", params=params).json)

    def event(self, action: Mapping[str, Any]) -> Event:
        return Happening.of({"action": action}, done=self.done).event


def page(asking: Asking, *, since: datetime, cursor: Mapping[str, Any]) -> PastPage:
    """See ``Backfills.past``."""
    cursor = cursor or {"since": _said(since), "before": "", "cards": {}, "total": 0}
    if "before" in cursor:
        cursor = _looked(asking, cursor)
    return PastPage(cursor=cursor) if "before" in cursor else _week(asking, cursor)


def _looked(asking: Asking, cursor: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of each card, the newest action decides whether it is done."""
    cards, before, total = dict(cursor["cards"]), cursor["before"], cursor["total"]
    for _ in range(FEW):
        listed = asking.actions(cursor["since"], before)
        if not listed:
            done = sorted(card for card, is_done in cards.items() if is_done)
            return {"since": cursor["since"], "cards": done, "total": total}
        for event in map(asking.event, listed):
            if isinstance(event, Draft | Retract):
                cards.setdefault(event.key, isinstance(event, Draft))
        before, total = _oldest(listed, before), total + len(listed)
    return {**cursor, "cards": cards, "before": before, "total": total}


def _week(asking: Asking, cursor: Mapping[str, Any]) -> PastPage:
    end = (instant(cursor["since"]) or datetime.now(UTC)) + WEEK
    is_last = end >= datetime.now(UTC)
    listed = list(_between(asking, cursor["since"], "" if is_last else _said(end)))[::-1]
    hooks = tuple(_hook(each) for each in listed if _is_told(asking.event(each), cursor["cards"]))
    following = None if is_last else {**cursor, "since": _said(end)}
    return PastPage(hooks, following, len(listed), cursor["total"])


def _between(asking: Asking, since: str, before: str) -> Iterator[Mapping[str, Any]]:
    while listed := asking.actions(since, before):
        yield from listed
        before = _oldest(listed, before)


def _oldest(listed: list[Mapping[str, Any]], before: str) -> str:
    """Raises Never where it leads on to the same page again, and so for ever."""
    name = line(listed[-1].get("id"))
    if name in ("", before):
        raise Never("Trello did not say where its list of what happened goes on. Ask again later.")
    return name


def _said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _is_told(event: Event, cards: list[str]) -> bool:
    return isinstance(event, Draft | Retitle) and event.key in cards


def _hook(action: Mapping[str, Any]) -> Hook:
    return Hook(orjson.dumps({"action": action}), {"content-type": "application/json"})
