"""What waits, and whatever else of a crowd does not grow."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from idonethis.entries.models import Comment, Entry
from idonethis.integrations.models import (
    Delivery,
    Incident,
    IntegrationLink,
    IntegrationUser,
    Job,
    Receipt,
    RegisteredHook,
    Replay,
    Suggestion,
    UnclaimedPerson,
)
from idonethis.integrations.models.deliveries import DeliveryQuerySet
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.values import Reason
from tests.growth.rows import at, receipt, suggestion

#: More than a page shows, and a few.
MANY, FEW = 60, 5


def wait(link: IntegrationLink, other: IntegrationLink) -> dict[str, Any]:
    """By these links of one team. Returns what addresses call something of all this."""
    job = Replay.begin(Selection(link=link.hash_id), user=link.user)
    Job.objects.update(state="done")
    _come(link)
    _go_out(link)
    _be_in_trouble(other)
    _stand_open(link, imported=job.hash_id)
    _be_suggested(link)
    RegisteredHook.objects.create(integration_type="acme", subject="engine", state="active")
    return {
        "slug": link.team.slug,
        "team_id": link.team.hash_id,
        "link": link.hash_id,
        "type": "acme",
        "job": job.hash_id,
        "person": link.user.hash_id,
        "member": link.user.hash_id,
        "receipt": Receipt.objects.of_link(link).first().pk,
        "delivery": other.deliveries.latest("pk").pk,
        **_be_talked_about(link),
        **_be_strangers(link),
    }


def _come(link: IntegrationLink) -> None:
    """New, tried before, and held by a storm; and some of which the partner has to say the rest."""
    states = {
        "new": {"state": "due", "attempts": 0},
        "tried": {"state": "due", "attempts": 2},
        "bare": {"state": "bare", "attempts": 0},
        "held": {"state": "held", "attempts": 0},
    }
    Receipt.objects.bulk_create(
        receipt(link, f"{name}-{number}", **state)
        for name, state in states.items()
        for number in range(FEW)
    )


def _go_out(link: IntegrationLink) -> None:
    _newest(link).start_over()


def _be_in_trouble(link: IntegrationLink) -> None:
    _newest(link).update(state="held")
    trouble = {"state": "needs_permission", "trouble": "Acme let us do nothing."}
    IntegrationLink.objects.filter(pk=link.pk).update(**trouble)
    Incident.objects.create(integration_type="acme", kind="needs_permission", link=link)


def _newest(link: IntegrationLink) -> DeliveryQuerySet:
    newest = link.deliveries.order_by("-pk").values_list("pk", flat=True)[:FEW]
    return Delivery.objects.filter(pk__in=list(newest))


def _stand_open(link: IntegrationLink, *, imported: str) -> None:
    """For weeks, and too few to fill a page."""
    long_ago = at(200)
    more = {"occurred_at": long_ago, "occurred_on": long_ago.date(), "imported": imported}
    Entry.objects.bulk_create(
        Entry(team=link.team, user=link.user, kind="goal", body=f"Oil mill {n}", **more)
        for n in range(FEW)
    )


def _be_suggested(link: IntegrationLink) -> None:
    now = timezone.now()
    states = {"pending": MANY, "accepted": FEW, "expired": FEW}
    made = Suggestion.objects.bulk_create(
        suggestion(link, f"{state}-{number}", state, moved=now)
        for state, count in states.items()
        for number in range(count)
    )
    Receipt.objects.bulk_create(
        receipt(link, f"suggested-{each.pk}", outcome=Reason.SUGGESTED, suggestion=each.hash_id)
        for each in made
    )


def _be_talked_about(link: IntegrationLink) -> dict[str, Any]:
    entry = Entry.objects.for_team(link.team).earliest("pk")
    made = Comment.objects.bulk_create(
        Comment(entry=entry, user=link.user, body=f"Well cast {number}") for number in range(MANY)
    )
    return {"entry": entry.hash_id, "comment": made[-1].hash_id}


def _be_strangers(link: IntegrationLink) -> dict[str, Any]:
    people = UnclaimedPerson.objects.bulk_create(
        UnclaimedPerson(team=link.team, integration_type="acme", key=f"u{n}", login=f"u{n}")
        for n in range(MANY)
    )
    Receipt.objects.bulk_create(
        receipt(link, f"unclaimed-{each.pk}", outcome=Reason.NO_PERSON, actor_key=each.key)
        for each in people
    )
    match = IntegrationUser.objects.create(
        integration_type="acme", uid="m1", team=link.team, user=link.user, evidence="assigned"
    )
    return {"unclaimed": people[0].pk, "match": match.pk}
