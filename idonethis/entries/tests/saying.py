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


def everything():
    """All that is told, without what is drawn or counted anew each time."""
    entries = list(Entry.objects.order_by("pk").prefetch_related("tags", "mentioned"))
    number = {entry.pk: place for place, entry in enumerate(entries)}
    sources = Source.objects.order_by("pk").values(*OF_SOURCE, "entry", "counted_in")
    told = [{name: getattr(entry, name) for name in OF_ENTRY} for entry in entries]
    words = [
        (
            entry.deleted_at is None,
            {tag.name for tag in entry.tags.all()},
            {user.pk for user in entry.mentioned.all()},
            entry.deliveries.count(),
        )
        for entry in entries
    ]
    things = [
        row | {name: number.get(row[name]) for name in ("entry", "counted_in")} for row in sources
    ]
    return told, words, things


OF_ENTRY = [
    *("team_id", "user_id", "kind", "body", "counted_body", "url", "occurred_on", "occurred_at"),
    *("completed_on", "deleted_by_id", "created_by", "origin", "origin_label", "imported"),
]
OF_SOURCE = [
    *("team", "key", "text", "url", "alike", "batch", "rewritten", "imported"),
    *("as_of", "stood_as_of", "retracted_as_of"),
]
