"""Who is taken for whom, and who is only suggested: by evidence, and never by a name."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from allauth.account.models import EmailAddress

from idonethis.accounts.models import User
from idonethis.entries.drafts import Actor
from idonethis.integrations.base import Account, Again
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    UnclaimedPerson,
    actor_key,
)
from idonethis.integrations.models.candidates import Evidence as E
from idonethis.integrations.models.candidates import candidates, members_of
from idonethis.teams.models import Membership, Team

pytestmark = pytest.mark.django_db

LONG = "x" * 250
#: Who is known at the partner, and by whose word: the uid, the person, and the team that says so.
ACCOUNTS = {
    "1815": ("ada", None),
    "1816": ("ada", "engines"),
    "@kountess": ("ada", None),
    "2020": ("grace", "engines"),
    "@hopper": ("grace", "engines"),
    "mailto:moth@example.org": ("grace", "engines"),
    "1791": ("babbage", None),
    "1792": ("babbage", "engines"),
    "4242": ("grace", "night"),
}


class Case(NamedTuple):
    actor: Actor
    #: Whose work it is, in the team or not; nobody's.
    who: str = ""
    #: Who is suggested, and the strongest that speaks for each.
    suggested: tuple[tuple[str, E], ...] = ()
    team: str = "engines"


def mail(address, **more):
    return Actor(email=address, **more)


CASES = {
    # The account itself.
    "an account that was proved": Case(Actor("1815", "ada", "Ada"), "ada"),
    "it is renamed there": Case(Actor("1815", "lovelace", "Ada"), "ada"),
    "it calls itself like somebody else": Case(Actor("1815", "grace", "Grace Hopper"), "ada"),
    "it brings the verified mail of somebody else": Case(
        Actor("1815", "ada", email="grace@example.org", vouched=True), "ada"
    ),
    "a second account of the same person": Case(Actor("1816", "ada-work"), "ada"),
    "an account that the team has matched": Case(Actor("2020", "gh"), "grace"),
    "an account that only another team has matched": Case(Actor("4242", "gh2")),
    "the same account in the team that has": Case(Actor("4242"), "grace", team="night"),
    "an id that only begins like another": Case(Actor(f"{LONG}2")),
    "that other one": Case(Actor(f"{LONG}1"), "grace"),
    "an id with a space before it": Case(Actor(" 1815")),
    "a workspace is nobody": Case(Actor("T1")),
    # Who is no longer here.
    "an account of somebody who left": Case(Actor("1791", "babbage"), "babbage"),
    "an account matched with somebody who left": Case(Actor("1792"), "babbage"),
    "a name of somebody who left": Case(Actor("77", "babbage", "Charles Babbage")),
    # Logins, which are given up and taken by others.
    "a login that the operator vouched for": Case(Actor("55", "kountess"), "ada"),
    "the same in other letters": Case(Actor("55", "KOUNTESS"), "ada"),
    "with a letter that only looks like one of it": Case(Actor("55", "\u212aountess")),
    "the login of a proved account, under another id": Case(
        Actor("9999", "ada"), "", (("ada", E.NICKNAME),)
    ),
    "the login of a proved account, without an id": Case(
        Actor(login="ada"), "", (("ada", E.SAME_LOGIN),)
    ),
    "a login that the team has matched": Case(Actor(login="Hopper"), "grace"),
    "the same login under an id": Case(Actor("9999", "hopper")),
    "a login in Cyrillic letters": Case(Actor("77", "\u0430da")),
    # Mail addresses.
    "a verified address": Case(mail("grace@example.org", vouched=True), "grace"),
    "a verified address in capitals": Case(mail("Grace@Example.ORG", vouched=True), "grace"),
    "a further verified address": Case(mail("kernel@example.org", vouched=True), "grace"),
    "a verified address that a commit names": Case(
        mail("grace@example.org"), "", (("grace", E.NOT_VOUCHED),)
    ),
    "the same, beside the account that pushed it": Case(
        Actor("6666", "mallory", email="grace@example.org"), "", (("grace", E.NOT_VOUCHED),)
    ),
    "an address nobody has verified": Case(
        mail("hopper@navy.example", vouched=True), "", (("grace", E.UNVERIFIED),)
    ),
    "an address of somebody outside": Case(mail("mallory@example.net", vouched=True)),
    "an address of a member of two teams": Case(mail("ada@example.org", vouched=True), "ada"),
    "the same in the other one": Case(mail("ada@example.org", vouched=True), "ada", team="night"),
    "an address of a member of the other one": Case(
        mail("grace@example.org", vouched=True), team="night"
    ),
    "an address with the Kelvin sign": Case(mail("\u212aernel@example.org", vouched=True)),
    "an address with a long s": Case(mail("\u017fteam@example.org", vouched=True)),
    "an address in Cyrillic letters": Case(mail("gr\u0430ce@example.org", vouched=True)),
    "an address that the team has matched": Case(mail("Moth@example.org"), "grace"),
    "the same beside a strange account": Case(Actor("9999", email="moth@example.org")),
    "an address given to a proved account": Case(
        mail("1815@given.acme.example", vouched=True), "", (("ada", E.GIVEN_ADDRESS),)
    ),
    "an address given to another account": Case(mail("9999@given.acme.example", vouched=True)),
    "an address that only looks given": Case(mail("1815@given.acme.example.net", vouched=True)),
    "the address of a proved account": Case(
        mail("countess@private.example", vouched=True), "", (("ada", E.ACCOUNT_MAIL),)
    ),
    # What only suggests.
    "a nickname": Case(Actor("77", "Grace"), "", (("grace", E.NICKNAME),)),
    "how an address begins": Case(Actor("77", "kernel"), "", (("grace", E.LOCAL_PART),)),
    "a name": Case(Actor("77", name="Grace Hopper"), "", (("grace", E.NAME),)),
    "a name turned round": Case(Actor("77", name="HOPPER, Grac\u00e9"), "", (("grace", E.NAME),)),
    "half a name": Case(Actor("77", name="Grace")),
    "a name in Cyrillic letters": Case(Actor("77", name="Gr\u0430ce Hopper")),
    "a nickname and another's name": Case(
        Actor("77", "ada", "Grace Hopper"), "", (("ada", E.NICKNAME), ("grace", E.NAME))
    ),
    "an observer, who logs nothing": Case(Actor("77", "watcher", "The Watcher")),
}
#: Whom nobody can ever be said to be.
NAMELESS = {
    "nothing at all": Actor(),
    "nothing, vouched for": Actor(vouched=True),
    "a name and nothing else": Actor(name="Grace Hopper"),
    "a bot without a name": Actor(bot=True),
    "what no database can store": Actor(uid="\x00"),
}


@pytest.fixture
def teams(acme, team, ada, grace, mallory):
    night = Team.objects.create(name="Night Shift")
    for user in (mallory, ada):
        night.join(user)
    babbage = User.objects.create_user("babbage@example.org", name="Charles Babbage")
    watcher = User.objects.create_user("watcher@example.org", name="The Watcher")
    team.join(watcher, Membership.Role.OBSERVER)
    people = {"ada": ada, "grace": grace, "babbage": babbage}
    found = {"engines": team, "night": night}
    for address in ("grace@example.org", "kernel@example.org", "steam@example.org"):
        EmailAddress.objects.create(user=grace, email=address, verified=True)
    EmailAddress.objects.create(user=grace, email="hopper@navy.example", verified=False)
    EmailAddress.objects.create(user=ada, email="ada@example.org", verified=True)
    EmailAddress.objects.create(user=mallory, email="mallory@example.net", verified=True)
    accounts = ACCOUNTS | {actor_key(Actor(f"{LONG}1")): ("grace", "engines")}
    for uid, (person, where) in accounts.items():
        known(uid, people[person], team=found.get(where))
    known("T1", ada, kind="workspace")
    proved = {"login": "ada", "email": "countess@private.example"}
    IntegrationUser.objects.filter(uid="1815").update(**proved)
    return found


def known(uid, user, **more):
    IntegrationUser.objects.create(integration_type="acme", uid=uid, user=user, **more)


def who(actor, team):
    found = IntegrationUser.objects.who(actor, integration_type="acme", team=team)
    return found.email.partition("@")[0] if found else ""


def suggested(actor, team):
    link = IntegrationLink.objects.create(integration_type="acme", team=team)
    person = UnclaimedPerson.objects.note(actor, link)
    found = candidates(person, members_of(team))
    return tuple((each.user.nickname, each.evidence[0]) for each in found)


@pytest.mark.parametrize("name", CASES)
def test_the_work_is_whose_it_is_and_others_are_only_suggested(teams, name):
    case = CASES[name]
    team = teams[case.team]
    assert who(case.actor, team) == case.who
    if not case.who:
        assert suggested(case.actor, team) == case.suggested


@pytest.mark.parametrize("name", NAMELESS)
def test_who_has_nothing_but_a_name_is_nobody_and_is_not_listed(teams, name):
    actor = NAMELESS[name]
    known("", User.objects.get(nickname="grace"), team=teams["engines"])
    assert actor_key(actor) == ""
    assert who(actor, teams["engines"]) == ""


def test_an_id_says_nothing_at_another_partner(teams):
    actor = Actor("1815", "ada")
    found = IntegrationUser.objects.who(actor, integration_type="foundry", team=teams["engines"])
    assert found is None


def test_the_stable_id_wins_over_the_login(teams, grace):
    assert who(Actor("1815", "kountess"), teams["engines"]) == "ada"
    IntegrationUser.objects.filter(uid="@kountess").update(user=grace)
    assert who(Actor("1815", "kountess"), teams["engines"]) == "ada"
    assert who(Actor("55", "kountess"), teams["engines"]) == "grace"


@pytest.mark.parametrize(("evidence", "least"), [(E.VERIFIED_MAIL, 100), (E.NAME, 0)])
def test_all_evidence_lies_between_a_verified_address_and_a_name(evidence, least):
    others = [each.score for each in E if each is not evidence]
    assert all((score < evidence.score) == (least == 100) for score in others)


def test_an_address_verified_after_all_is_certain(teams, grace):
    team = teams["engines"]
    person = UnclaimedPerson(team=team, key="mailto:x", email="hopper@navy.example", vouched=True)
    (before,) = candidates(person, members_of(team))
    EmailAddress.objects.filter(email=person.email).update(verified=True)
    (after,) = candidates(person, members_of(team))
    assert (before.score, before.verdict) == (50, "Likely")
    assert (after.score, after.verdict) == (100, "Certain")
    assert after.words == "the same verified mail address"


def test_a_name_alone_is_called_a_guess(teams):
    team = teams["engines"]
    person = UnclaimedPerson(team=team, key="77", name="Grace Hopper")
    (found,) = candidates(person, members_of(team))
    assert found.is_a_guess and found.verdict == "A guess" and "proves nothing" in found.words


def test_an_account_of_which_the_partner_does_not_say_whose_it_is_is_not_kept(ada):
    with pytest.raises(Again, match=r"GitHub did not say whose account this is\."):
        IntegrationUser.objects.establish(Account(uid=""), integration_type="github", user=ada)
    assert not IntegrationUser.objects.exists()
