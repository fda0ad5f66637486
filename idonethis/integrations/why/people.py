"""Who somebody at a partner is here, or why nothing of somebody here can come in."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.urls import reverse

from idonethis.accounts.models import User
from idonethis.integrations import registry
from idonethis.integrations.fixes import Fix
from idonethis.integrations.models import IntegrationUser, Receipt, UnclaimedPerson
from idonethis.integrations.reasons import ENDINGS, Ending
from idonethis.integrations.remedies import Remedy
from idonethis.integrations.sight import Sight
from idonethis.integrations.values import Reason
from idonethis.integrations.why.findings import Finding
from idonethis.integrations.why.question import Question
from idonethis.ui.words import numbered

#: How many people are told about.
MOST = 10

KNOWN = Ending("Known", "ok", "It is known who that is.")
UNCONNECTED = Ending("Not connected", "wait", "No account there is known to be theirs.")
IGNORED = Ending("Ignored", "", "The team has said that nothing of theirs is logged.")


def strangers(question: Question, sight: Sight) -> list[UnclaimedPerson]:
    """At partners, whom a team does not know."""
    named = _named(question.text.removeprefix("@"))
    return list(UnclaimedPerson.objects.filter(named, team__in=sight.teams)[:MOST])


def _named(name: str) -> Q:
    """As the partner calls them; its own id, too."""
    alike = Q(login__iexact=name) | Q(name__iexact=name) | Q(email__iexact=name)
    return alike | Q(key=name) | Q(key=f"@{name.lower()}")


def of_stranger(person: UnclaimedPerson, sight: Sight) -> Finding:
    waiting = _waiting(person, sight)
    who = f"{person} at {person.partner}"
    path = reverse("unclaimed", args=[person.team.slug])
    if person.ignored:
        ignored = (who, f"ignored in {person.team}")
        return Finding(ignored, "ignored", IGNORED, person.last_seen, path)
    events = numbered(waiting, "event waits", "events wait")
    steps = (who, f"nobody in {person.team} is known to be them", f"{events} until somebody is")
    there, match = f"{path}#person-{person.pk}", Fix.MATCH
    button = Remedy(match, f"Say who {person} is", match.advice, there)
    unmatched = Reason.NO_PERSON
    return Finding(
        steps, unmatched, ENDINGS[unmatched], person.last_seen, there, button, is_it=True
    )


def _waiting(person: UnclaimedPerson, sight: Sight) -> int:
    rows = Receipt.objects.waiting_for([person.key], integration_type=person.integration_type)
    theirs = [link.pk for link in sight.links if link.team_id == person.team_id]
    return rows.filter(read_for__in=theirs).count()


def members(question: Question, sight: Sight) -> Iterator[Finding]:
    """Of the teams: where they are known, of the partners that the teams are linked to."""
    for user in _members(question.text.removeprefix("@"), sight):
        yield from _accounts(user, sight)


def _members(name: str, sight: Sight) -> list[User]:
    accounts = IntegrationUser.objects.filter(
        Q(login__iexact=name) | Q(name__iexact=name) | Q(uid=name) | Q(uid=f"@{name.lower()}"),
        Q(team=None) | Q(team__in=sight.teams),
        kind="user",
    )
    called = Q(name__iexact=name) | Q(nickname__iexact=name) | Q(email__iexact=name)
    further = Q(emailaddress__email__iexact=name) | Q(integration_users__in=accounts)
    members = User.objects.filter(memberships__team__in=sight.teams)
    return list(members.filter(called | further).distinct()[:MOST])


def _accounts(user: User, sight: Sight) -> Iterator[Finding]:
    types = {link.integration_type for link in sight.links}
    known = user.integration_users.filter(
        Q(team=None) | Q(team__in=sight.teams), integration_type__in=types, kind="user"
    )
    accounts = list(known.order_by("integration_type", "pk"))
    for account in accounts:
        at = f"known as {account} at {_partner(account.integration_type)}"
        steps = (str(user), at, account.get_evidence_display())
        yield Finding(steps, "known", KNOWN, account.updated_at, is_it=True)
    for kind in sorted(types - {account.integration_type for account in accounts}):
        yield _unconnected(user, kind)


def _unconnected(user: User, integration_type: str) -> Finding:
    verified = EmailAddress.objects.filter(user=user, verified=True).exists()
    by_mail = "where a partner tells the mail address, they are known by it"
    nothing = "nothing that they do there can be logged as theirs"
    at = f"known as nobody at {_partner(integration_type)}"
    steps = (str(user), at, by_mail if verified else nothing)
    return Finding(steps, "unconnected", UNCONNECTED, user.date_joined, is_it=True)


def _partner(integration_type: str) -> str:
    return registry.integrations()[integration_type].name
