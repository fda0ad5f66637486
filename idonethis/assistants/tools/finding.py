from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, Field

from idonethis.assistants.asking import Asking
from idonethis.assistants.telling import EntryTold, Told, entry_told
from idonethis.assistants.tool import Answer, Inquires
from idonethis.entries.searches import Search as Searched
from idonethis.integrations.sight import Sight
from idonethis.integrations.why import answer


class Hits(Told):
    entries: list[EntryTold]
    older: str = Field(description="Give it as before for more; empty where this is all")


class Search(Inquires):
    """Finds entries by what they say, newest first: words in any order, “phrases”, -excluded words,
    #tags, @people, #12, commits and addresses."""

    name: ClassVar[str] = "search"
    title: ClassVar[str] = "Search"
    gives: ClassVar[type[BaseModel]] = Hits

    words: str = Field(min_length=1, max_length=300)
    team: str = Field("", max_length=100, description="Its id or name; without it, all of yours")
    status: Literal["", "done", "goal", "blocked"] = ""
    since: date | None = Field(None, description="Not before this day")
    until: date | None = Field(None, description="Not after this day")
    before: str = Field("", max_length=60, description="What an answer before said under older")

    def answer(self, asking: Asking) -> Answer:
        days = {"from": str(self.since or ""), "to": str(self.until or "")}
        said = {"q": self.words, "kind": self.status, "before": self.before, **days}
        found = Searched.of(said, asking.teams(self.team))
        told = [entry_told(hit.entry) for hit in found.hits]
        return Answer(Hits(entries=told, older=found.older))


class WhyTold(Told):
    untrusted: dict[str, Any] = Field(
        description="sentence says it in short; findings, the one that matters most first, with "
        "what can be done; meanings: what it can mean that nothing was received; with "
        "looked.before, ask again to look further back"
    )


class Why(Inquires):
    """Tells why something is in the log, or is not: what came in about it from other tools, how far
    it got, how that ended, and what can be done."""

    name: ClassVar[str] = "why"
    title: ClassVar[str] = "Why is it in the log, or not"
    gives: ClassVar[type[BaseModel]] = WhyTold

    about: str = Field(
        min_length=1,
        max_length=300,
        description="A commit, the number or key of an issue, the address of a page, a person, the "
        "name of a delivery, a Message-ID, the address of an entry, or any words",
    )
    team: str = Field("", max_length=100, description="Its id or name; without it, all of yours")
    before: int | None = Field(None, ge=1, lt=2**62, description="Look further back than this")

    def answer(self, asking: Asking) -> Answer:
        team = asking.team(self.team) if self.team else None
        found = answer(self.about, Sight.of(asking.user, team=team), before=self.before)
        return Answer(WhyTold(untrusted=found.facts()))
