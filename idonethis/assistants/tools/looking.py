from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import BaseModel, Field

from idonethis.accounts.tokens import Scope
from idonethis.assistants.asking import Asking
from idonethis.assistants.telling import EntryTold, Name, Told, entry_told
from idonethis.assistants.tool import Answer, Looks
from idonethis.entries.models import Entry, EntryQuerySet
from idonethis.entries.text import one_line

#: Entries that one answer holds at most.
MOST = 200


class TeamTold(BaseModel):
    id: str
    role: str = Field(description="admin, member, or observer, who only reads")
    untrusted: Name


class TeamsTold(Told):
    today: date = Field(description="Which day it is for you, by your time zone")
    teams: list[TeamTold]


class Teams(Looks):
    """Lists the teams of the person for whom you ask, and says which day it is for them."""

    name: ClassVar[str] = "teams"
    title: ClassVar[str] = "Teams"
    scopes: ClassVar[tuple[Scope, ...]] = (Scope.READ, Scope.DRAFT)
    gives: ClassVar[type[BaseModel]] = TeamsTold

    def answer(self, asking: Asking) -> Answer:
        mine = asking.user.memberships.select_related("team").order_by("team__name", "pk")
        told = [
            TeamTold(
                id=each.team.hash_id,
                role=each.role,
                untrusted=Name(name=one_line(each.team.name)),
            )
            for each in mine
        ]
        return Answer(TeamsTold(today=asking.user.today(), teams=told))


class DayTold(Told):
    day: date
    entries: list[EntryTold]
    open_before: list[EntryTold] = Field(
        description="Goals and blockers of days before that nobody has completed yet"
    )
    is_cut: bool = Field(description="There is more; ask for one team, or search")


class Day(Looks):
    """Tells what was logged on a day, in one team or in all of the person's teams, and which goals
    and blockers of days before are still open."""

    name: ClassVar[str] = "day"
    title: ClassVar[str] = "The log of a day"
    gives: ClassVar[type[BaseModel]] = DayTold

    day: date | None = Field(None, description="Such as 2026-11-24; without it, today")
    team: str = Field("", max_length=100, description="Its id or name; without it, all of yours")

    def answer(self, asking: Asking) -> Answer:
        day = self.day or asking.user.today()
        found = Entry.objects.filter(team__in=asking.teams(self.team))
        that_day = _read(found.alive().filter(occurred_on=day))
        before = _read(found.carried_over_to(day))
        told = DayTold(
            day=day,
            entries=that_day[:MOST],
            open_before=before[:MOST],
            is_cut=max(len(that_day), len(before)) > MOST,
        )
        return Answer(told)


def _read(found: EntryQuerySet) -> list[EntryTold]:
    newest = found.select_related("team", "user").order_by("-occurred_on", "-occurred_at", "-id")
    return [entry_told(entry) for entry in newest[: MOST + 1]]
