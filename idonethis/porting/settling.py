"""For who has the server: people, teams and memberships of an archive, made here where they are
missing. A page of a team never does this."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from django.db import transaction

from idonethis import ids
from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.entries.text import folded
from idonethis.porting.brought import Read, Refused
from idonethis.porting.lines import Address, Belongs, Group, Own, Person
from idonethis.porting.models.storing import OURS
from idonethis.porting.reading.archive import Archive
from idonethis.teams.models import Membership, Team

_SLUG = re.compile(r"[-\w]{1,80}", re.ASCII)
_NICKNAME = re.compile(r"[\w][\w.-]{0,39}")


@dataclass
class Settling:
    """Who is who by hash_id and address, or by a verified address; never by a name. An address that
    somebody here has without having verified it makes nobody."""

    archive: Archive
    users: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=lambda: {"people": 0, "teams": 0})

    @transaction.atomic
    def settle(self) -> None:
        for person in self.archive.people.values():
            self._settle_person(person)
        for group in self.archive.teams.values():
            self._settle_team(group)
        for belongs in self.archive.memberships:
            self._settle_membership(belongs)

    def reads(self) -> Iterator[tuple[Team, Read]]:
        """What each team is brought."""
        for name, team in self.teams.items():
            read = self.archive.read(name)
            yield team, Read(read.rows, self._known(read.people))

    def lost(self) -> list[Refused]:
        """What belongs to nobody or to no team, besides what could not be read."""
        homeless = [
            Refused(line, f"No line says what team {entry.team[:40]} is.")
            for line, entry in self.archive.entries
            if entry.team not in self.teams
        ]
        return [*self.archive.refused, *self.refused, *homeless]

    def _known(self, people: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
        known = {key: user.hash_id for key, user in self.users.items()}
        return {
            key: {**said, "known": known[key]} if key in known else said
            for key, said in people.items()
        }

    def _settle_person(self, person: Person) -> None:
        email = person.email_address.strip().lower()
        found = _same_person(person.hash_id, email)
        if found is None and User.objects.with_address(email).exists():
            why = f"Somebody here has the address {email} without having verified it."
            self.refused.append(Refused(0, f"{why} What {person.full_name} logged waits."))
            return
        self.users[person.hash_id] = found or self._make_person(person, email)

    def _make_person(self, person: Person, email: str) -> User:
        """They cannot sign in until they have got a password by mail."""
        own = person.own
        name = " ".join(person.full_name.split()) or email.partition("@")[0]
        nickname = person.nickname if _NICKNAME.fullmatch(person.nickname) else ""
        user = User.objects.create_user(
            email,
            None,
            hash_id=_free(User, person.hash_id),
            name=name,
            nickname=nickname,
            **(_preferences(own) if own else {}),
        )
        _keep_addresses(user, own.addresses if own else None)
        record("person.added", user, administers=False)
        self.made["people"] += 1
        return user

    def _settle_team(self, group: Group) -> None:
        owner = self.users.get(group.personal_of or "")
        if group.personal_of and not owner:
            return
        mine = Team.objects.filter(personal_of=owner) if owner else Team.objects.none()
        same = Team.objects.filter(hash_id=group.hash_id, personal_of=owner)
        found = mine.first() or same.first()
        self.teams[group.hash_id] = found or self._make_team(group, owner)

    def _make_team(self, group: Group, owner: User | None) -> Team:
        slug = group.slug if _SLUG.fullmatch(group.slug) else ""
        taken = Team.objects.filter(slug=slug).exists()
        prompts = ("done_prompt", "goal_prompt", "blocked_prompt")
        team = Team.objects.create(
            hash_id=_free(Team, group.hash_id),
            slug="" if taken else slug,
            name=" ".join(group.name.split()) or "Team",
            personal_of=owner,
            carries_over=group.carries_over,
            when_deleted=group.when_deleted,
            **{name: said for name in prompts if (said := getattr(group, name))},
        )
        dates = {"created_at": group.created_at, "updated_at": group.updated_at}
        Team.objects.filter(pk=team.pk).update(**dates)
        record("team.founded", team, team=team)
        self.made["teams"] += 1
        return team

    def _settle_membership(self, belongs: Belongs) -> None:
        team, user = self.teams.get(belongs.team), self.users.get(belongs.person)
        if not team or not user or team.has_member(user):
            return
        if team.personal_of_id not in (None, user.pk):
            return
        membership = team.join(user, belongs.role)
        dated = Membership.objects.filter(pk=membership.pk)
        dated.update(created_at=belongs.created_at)


def _same_person(name: str, email: str) -> User | None:
    row = User.objects.filter(hash_id=name, email=email).first()
    known = EmailAddress.objects.filter(email=folded(email), verified=True)
    verified = known.select_related("user").first()
    return row or (verified.user if verified else None)


def _free(model: Any, name: str) -> str:
    """The name that it had, where nothing here has it."""
    ours = OURS.fullmatch(name) and not model.objects.filter(hash_id=name).exists()
    return name if ours else ids.hash_id()


def _preferences(own: Own) -> dict[str, Any]:
    zone = own.time_zone if own.time_zone in available_timezones() else "UTC"
    names = ("day_ends_at", "theme", "hotkeys", "is_active")
    said = {name: getattr(own, name) for name in names}
    return {**said, "time_zone": zone, "date_joined": own.joined_at}


def _keep_addresses(user: User, addresses: Iterable[Address] | None) -> None:
    """As they were. An archive of one team does not say what somebody has verified."""
    said = (
        addresses
        if addresses is not None
        else [Address(email=user.email, verified=False, primary=True)]
    )
    for each in said:
        email = each.email.strip().lower()
        taken = User.objects.with_address(email).exclude(pk=user.pk).exists()
        if not taken and not EmailAddress.objects.filter(user=user, email=email).exists():
            primary = each.primary and email == user.email
            EmailAddress.objects.create(
                user=user, email=email, verified=each.verified, primary=primary
            )
