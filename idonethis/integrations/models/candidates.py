"""Who of a team may be the person behind an account, and what speaks for it. Nothing here matches
anybody: people do, when they have read it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from allauth.account.models import EmailAddress

from idonethis.accounts.models import User
from idonethis.entries.text import folded
from idonethis.integrations import registry
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson
from idonethis.teams.models import Team


class Evidence(Enum):
    """How much speaks for it, of 100, and in which words."""

    VERIFIED_MAIL = 100, "the same verified mail address"
    SAME_ACCOUNT = 95, "they signed in there with this very account"
    GIVEN_ADDRESS = 90, "an address that was given to an account of theirs"
    SAME_LOGIN = 85, "they signed in there under this login"
    ACCOUNT_MAIL = 80, "the mail address of an account of theirs"
    NOT_VOUCHED = 60, "the same verified mail address, which anybody could have written there"
    UNVERIFIED = 50, "the same mail address, which they have not verified"
    NICKNAME = 40, "the login is their nickname"
    LOCAL_PART = 30, "their verified mail address begins with the login"
    NAME = 10, "a name that is alike, which proves nothing"

    def __init__(self, score: int, words: str) -> None:
        self.score = score
        self.words = words


#: What a score is called, from the lowest that is called so.
VERDICTS = (
    (95, "Certain"),
    (80, "Nearly certain"),
    (50, "Likely"),
    (30, "Perhaps"),
    (0, "A guess"),
)


@dataclass(frozen=True)
class Member:
    """Somebody who writes in the team, and what is known of who they are elsewhere."""

    user: User
    verified: frozenset[str] = frozenset()
    unverified: frozenset[str] = frozenset()
    #: At partners, as they have proved it.
    accounts: tuple[IntegrationUser, ...] = ()

    def evidence(self, person: UnclaimedPerson) -> tuple[Evidence, ...]:
        """The strongest first."""
        return tuple(evidence for evidence, speaks in TESTS.items() if speaks(self, person))


@dataclass(frozen=True)
class Candidate:
    user: User
    evidence: tuple[Evidence, ...]

    @property
    def score(self) -> int:
        return self.evidence[0].score

    @property
    def verdict(self) -> str:
        return next(said for least, said in VERDICTS if self.score >= least)

    @property
    def is_a_guess(self) -> bool:
        """Nothing but a name, which anybody may have."""
        return self.score <= Evidence.NAME.score

    @property
    def words(self) -> str:
        return "; ".join(each.words for each in self.evidence)


def candidates(person: UnclaimedPerson, members: Iterable[Member]) -> list[Candidate]:
    """The likeliest first."""
    found = [Candidate(member.user, member.evidence(person)) for member in members]
    return sorted(
        (each for each in found if each.evidence),
        key=lambda each: (-each.score, -len(each.evidence), str(each.user)),
    )


def members_of(team: Team) -> list[Member]:
    """Those who write there, by name."""
    writing = team.memberships.writing().select_related("user").order_by("user__name")
    users = [each.user for each in writing]
    addresses = list(EmailAddress.objects.filter(user__in=users))
    accounts = IntegrationUser.objects.filter(user__in=users, team=None, kind="user")
    found = list(accounts.defer("sealed"))
    return [_member(user, addresses, found) for user in users]


def _member(
    user: User, addresses: Iterable[EmailAddress], accounts: Iterable[IntegrationUser]
) -> Member:
    theirs = [each for each in addresses if each.user_id == user.pk]
    verified = frozenset(folded(each.email) for each in theirs if each.verified)
    every = {folded(each.email) for each in theirs} | {folded(user.email)}
    own = tuple(each for each in accounts if each.user_id == user.pk)
    return Member(user, verified, frozenset(every - verified), own)


def _shares_verified(member: Member, person: UnclaimedPerson) -> bool:
    return bool(person.email) and folded(person.email) in member.verified


def _has_account(member: Member, person: UnclaimedPerson) -> bool:
    names = {(each.integration_type, each.uid) for each in member.accounts}
    return (person.integration_type, person.key) in names


def _has_given_address(member: Member, person: UnclaimedPerson) -> bool:
    known = registry.integrations()
    return any(
        each.uid == known[each.integration_type].account_in(folded(person.email))
        for each in member.accounts
        if person.email and each.integration_type in known
    )


def _has_login(member: Member, person: UnclaimedPerson) -> bool:
    """Where the account itself is named, the same login says that it was given to somebody else."""
    return person.key.startswith("@") and any(
        each.integration_type == person.integration_type and f"@{folded(each.login)}" == person.key
        for each in member.accounts
    )


def _has_account_mail(member: Member, person: UnclaimedPerson) -> bool:
    mails = {folded(each.email) for each in member.accounts if each.email}
    return bool(person.email) and folded(person.email) in mails


def _shares_unverified(member: Member, person: UnclaimedPerson) -> bool:
    return bool(person.email) and folded(person.email) in member.unverified


def _is_nickname(member: Member, person: UnclaimedPerson) -> bool:
    return bool(person.login) and folded(person.login) == folded(member.user.nickname)


def _begins_address(member: Member, person: UnclaimedPerson) -> bool:
    beginnings = {each.partition("@")[0] for each in member.verified}
    return bool(person.login) and folded(person.login) in beginnings


def _is_called_alike(member: Member, person: UnclaimedPerson) -> bool:
    return bool(_words(person.name)) and _words(person.name) == _words(member.user.name)


def _words(name: str) -> frozenset[str]:
    """Whatever their order, their case and their accents."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return frozenset(plain.replace(",", " ").split())


#: In the order of their scores.
TESTS: dict[Evidence, Callable[[Member, UnclaimedPerson], bool]] = {
    Evidence.VERIFIED_MAIL: lambda member, person: (
        person.vouched and _shares_verified(member, person)
    ),
    Evidence.SAME_ACCOUNT: _has_account,
    Evidence.GIVEN_ADDRESS: _has_given_address,
    Evidence.SAME_LOGIN: _has_login,
    Evidence.ACCOUNT_MAIL: _has_account_mail,
    Evidence.NOT_VOUCHED: lambda member, person: (
        not person.vouched and _shares_verified(member, person)
    ),
    Evidence.UNVERIFIED: _shares_unverified,
    Evidence.NICKNAME: _is_nickname,
    Evidence.LOCAL_PART: _begins_address,
    Evidence.NAME: _is_called_alike,
}
