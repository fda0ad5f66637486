"""The rules of a link: which of all that comes in it wants, the same for every integration. They
are plain data in ``link.config``; a link that is older than a rule behaves as with its default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft, Growing
from idonethis.integrations.asks import NOTHING, Asks, Shows, Who
from idonethis.integrations.terms import Event
from idonethis.integrations.values import Ignored, Reason
from idonethis.teams.models import Team
from idonethis.ui.words import listed

SHOWN = {
    Shows.TITLE: "with titles only from private {}",
    Shows.COUNT: "without any names from private {}",
    Shows.FULL: "with everything from private {}",
}


@dataclass(frozen=True)
class Rules:
    """``topics`` None means all of them. ``people`` are hash ids. ``places``, ``labels`` and
    ``without`` are patterns, in which ``*`` stands for anything."""

    asks: Asks = NOTHING
    topics: frozenset[str] | None = None
    who: Who = Who.EVERYBODY
    people: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    bots: bool = False
    suggests: bool = False
    shows: Shows = Shows.TITLE

    @classmethod
    def of(cls, asks: Asks, config: Mapping[str, Any]) -> Rules:
        chosen = config.get("events")
        return cls(
            asks=asks,
            topics=None if chosen is None else frozenset(chosen),
            who=Who.of(config),
            people=frozenset(config.get("people") or ()),
            places=tuple(config.get("places") or ()),
            labels=tuple(config.get("labels") or ()),
            without=tuple(config.get("without") or ()),
            bots=bool(config.get("bots")),
            suggests=config.get("how") == "suggest",
            shows=Shows.of(config),
        )

    def applied(self, event: Event, topic: str) -> Iterator[Event]:
        """The event as far as the link wants it, and what of it the link does not want."""
        if refused := self.refuses(event, topic):
            yield refused
        elif isinstance(event, Draft) and not self.bots and any(d.bot for d in event.details):
            yield from _without_bots(event)
        else:
            yield event

    def refuses(self, event: Event, topic: str = "") -> Ignored | None:
        """Why the link does not want it. Names the rule and nothing of what is left out, which may
        be a secret at the partner."""
        draft = event if isinstance(event, Draft) else None
        if self.topics is not None and topic in self.asks.topics and topic not in self.topics:
            why = f"This link does not log {self.asks.topics[topic].said}."
            return Ignored(Reason.FILTERED, why, draft)
        if draft is None:
            return None
        if draft.actor.bot and not self.bots:
            return Ignored(Reason.BOT, f"{draft.actor.login or 'The author'} is a bot.", draft)
        broken = next(self._broken_by(draft), "")
        return left_out(broken, draft) if broken else None

    def _broken_by(self, draft: Draft) -> Iterator[str]:
        place = self.asks.place
        if place and draft.place and not self._takes_place_of(draft):
            yield self.where or f"on {place.usual}"
        if self.labels and draft.labels is not None and not _alike(draft.labels, self.labels):
            yield self.labelled
        if _alike(draft.labels or (), self.without):
            yield self.unlabelled

    def _takes_place_of(self, draft: Draft) -> bool:
        return _any((draft.place,), self.places) if self.places else not draft.aside

    def leaves_out(self, user: User) -> bool:
        named = user.hash_id in self.people
        return named if self.who is Who.EXCEPT else self.who is Who.ONLY and not named

    def people_in(self, team: Team) -> list[str]:
        """The names of those whom the rules name, as far as they are in the team."""
        named = team.members.filter(hash_id__in=self.people) if self.people else ()
        return sorted(str(member) for member in named)

    # In words.

    def sentence(self, people: Sequence[str] = ()) -> str:
        """What flows, whose, and from where; ``people`` are the names of those whom the rules
        name. Nothing, where nothing could be left out."""
        if self.asks == NOTHING:
            return ""
        verb = "Suggests" if self.suggests else "Logs"
        parts = [f"{verb} {self._what} {self.by(people)}", self.where, self.labelled]
        said = ", ".join(filter(None, [*parts, self.unlabelled, self._privately]))
        return f"{said}: each person logs or dismisses their own." if self.suggests else f"{said}."

    @property
    def _what(self) -> str:
        wanted = [
            topic.said
            for name, topic in self.asks.topics.items()
            if self.topics is None or name in self.topics
        ]
        return listed(wanted) if wanted else "what comes in"

    def by(self, people: Sequence[str]) -> str:
        if self.who is Who.ONLY:
            return f"by {listed(people or ['nobody'])} alone"
        bots = ["bots"] * (self.asks.bots and not self.bots)
        out = [*(people if self.who is Who.EXCEPT else ()), *bots]
        return "by everybody in the team" + (f" but {listed(out)}" if out else "")

    @property
    def where(self) -> str:
        place = self.asks.place
        named = listed(self.places, "or") if self.places else ""
        return f"on {place.one} {named}" if place and named else ""

    @property
    def labelled(self) -> str:
        return f"labelled {listed(self.labels, 'or')}" if self.labels else ""

    @property
    def unlabelled(self) -> str:
        return f"not labelled {listed(self.without, 'or')}" if self.without else ""

    @property
    def _privately(self) -> str:
        return SHOWN[self.shows].format(self.asks.private) if self.asks.private else ""


def left_out(rule: str, draft: Draft) -> Ignored:
    return Ignored(Reason.FILTERED, f"Left out by the rule “{rule}”.", draft)


def _without_bots(draft: Draft) -> Iterator[Event]:
    """What people did, if they did anything, and what bots did."""
    peoples = tuple(detail for detail in draft.details if not detail.bot)
    bots = tuple(detail for detail in draft.details if detail.bot)
    if peoples or not isinstance(draft, Growing):
        yield replace(draft, details=peoples)
    why = "What bots did in it is left out." if peoples else "It holds nothing but what bots did."
    yield Ignored(Reason.BOT, why, replace(draft, details=bots))


def _alike(labels: Iterable[str], patterns: Iterable[str]) -> bool:
    """Nobody cares how a label is capitalised."""
    return _any(map(str.casefold, labels), map(str.casefold, patterns))


def _any(values: Iterable[str], patterns: Iterable[str]) -> bool:
    """Whether a value is one of these. Of all that fnmatch knows, only ``*`` means more than
    itself: brackets stand in the names of bots, question marks in labels."""
    literal = [each.replace("[", "[[]").replace("?", "[?]") for each in patterns]
    return any(fnmatchcase(value, pattern) for value in values for pattern in literal)
