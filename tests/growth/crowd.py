"""Teams that have been at it for long. What they are done with grows; what waits does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connections

from idonethis.accounts.models import ApiToken, User
from idonethis.audit.models import AuditRecord
from idonethis.entries.models import Comment, Entry, Like, Source, Tag
from idonethis.entries.pages import position
from idonethis.feeds.models import Feed
from idonethis.integrations.activity import Place
from idonethis.integrations.models import (
    Attempt,
    Bygone,
    Delivery,
    IntegrationLink,
    Receipt,
    Suggestion,
)
from idonethis.integrations.tests.lying import lay_apart
from idonethis.integrations.values import Reason
from idonethis.teams.models import Team
from tests.growth.rows import A_DAY, at, receipt, suggestion
from tests.growth.waiting import MANY, wait


class Crowd:
    """Ada administers her team, and the server; the others are Mallory's. Each has two links."""

    def __init__(self) -> None:
        self.ada = User.objects.create_superuser(
            "ada@example.org", "engine", name="Ada Lovelace", nickname="ada"
        )
        self.grace = User.objects.create_user("grace@example.org", "cobol", name="Grace Hopper")
        self.mallory = User.objects.create_user("mallory@example.net", "evil", name="Mallory")
        _, self.token = ApiToken.objects.make(self.ada, name="All", scopes=["read", "hooks"])
        self.team = _team("Analytical Engines", self.ada, self.grace)
        self.teams = [self.team, *(_team(name, self.mallory) for name in ("Night", "Day"))]
        here = self.team.memberships.get(user=self.ada)
        self.feeds = [Feed.objects.make(self.ada, each) for each in (None, here)]
        self.links = {team: list(_links(team)) for team in self.teams}
        self.link, self.other = self.links[self.team]
        self.size = 0
        #: What addresses call something of it.
        self.names: dict[str, Any] = {"mail_kind": "digest"}

    def grow(self, size: int) -> None:
        """To so many of everything for each team and link; what is older comes later."""
        numbers = range(self.size, size)
        for team in self.teams:
            entries = self._log(team, numbers)
            for link in self.links[team]:
                self._receive(link, numbers, entries)
                _deliver(link, entries)
            self._decide(team, numbers)
        self._let_go(numbers)
        self.names |= {} if self.size else wait(self.link, self.other)
        self.names |= self._places()
        self.size = size

    def _log(self, team: Team, numbers: range) -> list[Entry]:
        people = list(team.members.order_by("pk"))
        entries = Entry.objects.bulk_create(
            Entry(
                team=team,
                user=people[number % len(people)],
                body=f"Cast gear {number} #gears",
                occurred_at=at(number),
                occurred_on=at(number).date(),
                created_by=("app", "acme")[number % 2],
            )
            for number in numbers
        )
        self._talk(entries)
        return entries

    def _talk(self, entries: list[Entry]) -> None:
        Source.objects.bulk_create(
            Source(team=each.team, key=f"gear:{each.pk}", entry=each) for each in entries
        )
        Tag.objects.bulk_create(
            Tag(entry=each, name=("gears", "mills", "steam")[number % 3])
            for number, each in enumerate(entries)
        )
        Like.objects.bulk_create(Like(entry=each, user=self.grace) for each in entries[::4])
        Comment.objects.bulk_create(
            Comment(entry=each, user=self.grace, body="Well cast") for each in entries[::3]
        )

    def _receive(self, link: IntegrationLink, numbers: range, entries: list[Entry]) -> None:
        """Who did it is known in Ada's team."""
        ends = (Reason.CREATED, Reason.DUPLICATE if link.team == self.team else Reason.NO_PERSON)
        Receipt.objects.bulk_create(
            receipt(
                link,
                f"old-{number}",
                received_at=at(number),
                due_at=at(number + 2 * A_DAY),
                outcome=ends[number % 2],
                entry=entry.hash_id,
                actor_key=f"somebody-{number}",
            )
            for number, entry in zip(numbers, entries, strict=True)
        )
        lay_apart()

    def _let_go(self, numbers: range) -> None:
        """Every number stands for a file of days that are long past."""
        first = at(0).date() - timedelta(days=1000)
        Bygone.objects.bulk_create(
            Bygone(day=first - timedelta(days=number), file=f"/archive/{number}")
            for number in numbers
        )

    def _decide(self, team: Team, numbers: range) -> None:
        link = self.links[team][0]
        Suggestion.objects.bulk_create(
            suggestion(link, f"old-{number}", "accepted", moved=at(number)) for number in numbers
        )
        AuditRecord.objects.bulk_create(
            AuditRecord(team=team.hash_id, action="link.paused", thing=link.hash_id, at=at(number))
            for number in numbers
        )

    def _places(self) -> dict[str, Any]:
        """The newest, and near the end of what there is."""
        entries = Entry.objects.for_team(self.team)
        came = Receipt.objects.of_link(self.link).reverse()[MANY].pk
        went = self.link.deliveries.order_by("pk")[MANY].pk
        return {
            "newest": entries.latest("pk").pk,
            "place": position(entries.order_by("occurred_on", "pk")[MANY]),
            "line": Place(came, went),
            "change": AuditRecord.objects.about_team(self.team).reverse()[MANY].pk,
        }


def _team(name: str, admin: User, *members: User) -> Team:
    team = Team.objects.create(name=name)
    team.join(admin, "admin")
    for member in members:
        team.join(member)
    return team


def _links(team: Team) -> Iterator[IntegrationLink]:
    maker = team.admins().get()
    for _ in range(2):
        yield IntegrationLink.objects.create(integration_type="acme", team=team, user=maker)


def _deliver(link: IntegrationLink, entries: list[Entry]) -> None:
    made = Delivery.objects.bulk_create(
        Delivery(
            link=link,
            entry=each,
            state="done",
            delivered_revision=1,
            reference=f"post-{each.pk}",
            delivered_at=each.occurred_at,
            attempts=1,
        )
        for each in entries
    )
    Attempt.objects.bulk_create(
        Attempt(delivery=each, at=each.delivered_at, took=5, result="sent") for each in made
    )


def analyzed(*vendors: str) -> None:
    """From now on these databases know how much there is. SQLite, which is never told in earnest,
    must find its way in both cases. PostgreSQL likes to read the whole of what fits on a few pages:
    so pages cost nothing here, and rows alone count."""
    for connection in [each for each in connections.all() if each.vendor in vendors]:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            if connection.vendor == "postgresql":
                for name in ("seq_page_cost", "random_page_cost"):
                    cursor.execute(f"SET LOCAL {name} = 0")
                cursor.execute("SET LOCAL enable_seqscan = off")
