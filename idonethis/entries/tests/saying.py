"""What partners say of Ada's work, in the shape in which integrations say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from idonethis.entries.drafts import Detail, Draft, Growing, Origin, Retitle, Retract
from idonethis.entries.models import Entry, Source

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ELSEWHERE = Origin("anvil", "link12345678", "Anvil")


def at(minutes):
    return NOON + timedelta(minutes=minutes)


def say(said, *, team, user, by=None):
    """What becomes of it."""
    if isinstance(said, Retitle):
        return Source.objects.retitle(said, team=team).change
    if isinstance(said, Retract):
        return Source.objects.retract(said, team=team, by=by).change
    return Source.objects.tell(said, team=team, user=user, origin=ELSEWHERE).change


def push(*shas, batch="", kind=Growing, alike="", branch="main", occurred_at=NOON):
    """``alike`` prefixes what the likeness of each commit is called."""
    details = tuple(
        Detail(f"commit:{sha}", f"Commit {sha}", alike=alike and f"{alike}{sha[0]}") for sha in shas
    )
    body = f"Pushed {{count}} commit{{s}} to {branch}"
    key = f"push:{branch}"
    return kind(body=body, key=key, details=details, batch=batch, occurred_at=occurred_at)


def merged(title="Fix the roof", minutes=0, stands_for=(), key="pull:1"):
    return Draft(body=title, key=key, occurred_at=NOON, as_of=at(minutes), stands_for=stands_for)


def renamed(title, minutes):
    return Retitle(key="pull:1", body=title, as_of=at(minutes))


def undone(minutes=None):
    return Retract(key="pull:1", as_of=None if minutes is None else at(minutes))


def standing():
    return list(Entry.objects.alive().order_by("body").values_list("body", flat=True))


def details():
    """What the entries that stand sum up."""
    return {
        entry.body: sorted(entry.details.values_list("text", flat=True))
        for entry in Entry.objects.alive()
    }
