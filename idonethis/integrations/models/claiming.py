"""When it becomes known who somebody is: what they did meanwhile is logged after all."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.background import INBOX
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson
from idonethis.teams.models import Team

#: Longer than a batch of receipts that has already looked everybody up may take.
RECENTLY = timedelta(minutes=10)


def believe(person: UnclaimedPerson, user: User, *, evidence: str) -> tuple[IntegrationUser, int]:
    """From now on, in this team, this account is that person. Returns how many receipts that waited
    are processed again. Whoever dies in between leaves the person unclaimed, to be claimed again:
    inbox and log may be two databases."""
    known = known_as(person, user, evidence=evidence)
    return known, replay(known)


@transaction.atomic
def known_as(person: UnclaimedPerson, user: User, *, evidence: str) -> IntegrationUser:
    known, _ = IntegrationUser.objects.update_or_create(
        integration_type=person.integration_type,
        uid=person.key,
        team=person.team,
        defaults={
            "user": user,
            "login": person.login,
            "name": person.name,
            "email": person.email,
            "evidence": evidence,
        },
    )
    said = {"type": person.integration_type, "person": user.hash_id}
    record(f"identity.{evidence}", known, team=person.team, **said)
    return known


def replay(known: IntegrationUser) -> int:
    """What waited for this person is processed again and keeps its days. Harmless to repeat."""
    count = waiting_for(known.uid, known.integration_type, team=known.team).replay()
    unclaimed = UnclaimedPerson.objects.filter(
        integration_type=known.integration_type, key=known.uid
    )
    (unclaimed.filter(team=known.team) if known.team else unclaimed).delete()
    INBOX.wake_on_commit()
    return count


def waiting_for(key: str, integration_type: str, *, team: Team | None) -> ReceiptQuerySet:
    waiting = Receipt.objects.waiting_for([key], integration_type=integration_type)
    return waiting.filter(read_for__in=ids_of_links(team)) if team else waiting


def ids_of_links(team: Team) -> list[int]:
    """A list, since inbox and log may be two databases."""
    return list(IntegrationLink.objects.filter(team=team).values_list("pk", flat=True))


def recognize() -> int:
    """Those whose address a member has verified meanwhile, or brought along into the team."""
    theirs = EmailAddress.objects.filter(
        email=OuterRef("email"), verified=True, user__memberships__team=OuterRef("team")
    )
    proven = UnclaimedPerson.objects.open().filter(Exists(theirs), vouched=True)
    count = 0
    for person in proven.select_related("team"):
        waiting = waiting_for(person.key, person.integration_type, team=person.team)
        count += waiting.replay()
        person.delete()
    return count


def replay_recent() -> int:
    """For those who became known a moment ago: a batch that was under way may have missed it."""
    recent = IntegrationUser.objects.filter(kind="user", updated_at__gt=timezone.now() - RECENTLY)
    return sum(replay(known) for known in recent.select_related("team"))
