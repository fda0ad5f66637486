"""The lines of what stands here, always in the same order: the same log is the same file, byte for
byte, on whatever server it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Q

from idonethis.accounts.models import User
from idonethis.entries.models import Comment, Entry, EntryQuerySet, Like, Source
from idonethis.porting import lines
from idonethis.porting.brought import key_of
from idonethis.teams.models import Membership, Team

#: Entries that are held at a time.
BATCH = 500


def of_server() -> Iterator[bytes]:
    """All teams and all people, with what of these only the server knows."""
    return _written(Team.objects.all(), User.objects.all(), own=True)


def of_team(team: Team) -> Iterator[bytes]:
    """What its members see of it."""
    return _written(Team.objects.filter(pk=team.pk), people_of(team), own=False)


def people_of(team: Team) -> models.QuerySet[User]:
    """Who belongs to it, and who has left something in it."""
    entries = Entry.objects.for_team(team).alive()
    shown = Comment.objects.filter(entry__in=entries, deleted_at=None)
    named = (
        team.memberships.values("user"),
        entries.values("user"),
        entries.values("mentioned"),
        shown.values("user"),
        Like.objects.filter(entry__in=entries).values("user"),
    )
    either = Q()
    for users in named:
        either |= Q(pk__in=users)
    return User.objects.filter(either)


def _written(
    teams: models.QuerySet[Team], people: models.QuerySet[User], *, own: bool
) -> Iterator[bytes]:
    for line in _lines(teams.order_by("hash_id"), people.order_by("hash_id"), own=own):
        yield lines.encode(line) + b"\n"


def _lines(
    teams: models.QuerySet[Team], people: models.QuerySet[User], *, own: bool
) -> Iterator[lines.AnyLine]:
    yield lines.Head()
    for user in people.iterator():
        yield _person(user, own=own)
    for team in teams.select_related("personal_of"):
        yield _group(team)
    for membership in _memberships(teams):
        yield _belongs(membership)
    for team in teams:
        yield from map(_logged, entries_of(team))


def _memberships(teams: models.QuerySet[Team]) -> Iterator[Membership]:
    rows = Membership.objects.filter(team__in=teams).select_related("team", "user")
    return rows.order_by("team__hash_id", "user__hash_id").iterator()


def entries_of(team: Team) -> Iterator[Entry]:
    """In the order in which they were written down."""
    found = Entry.objects.for_team(team).alive().order_by("created_at", "hash_id")
    return with_all(found).iterator(chunk_size=BATCH)


def with_all(entries: EntryQuerySet) -> EntryQuerySet:
    """With what the lines of them need, and pages of them."""
    people = User.objects.order_by("hash_id")
    comments = Comment.objects.filter(deleted_at=None).order_by("created_at", "hash_id")
    likes = Like.objects.order_by("created_at", "user__hash_id")
    return entries.select_related("team", "user", "completes").prefetch_related(
        "tags",
        models.Prefetch("mentioned", people),
        models.Prefetch("comments", comments.select_related("user")),
        models.Prefetch("likes", likes.select_related("user")),
        models.Prefetch("sources", Source.objects.order_by("key")),
    )


def _person(user: User, *, own: bool) -> lines.Person:
    return lines.Person(
        hash_id=user.hash_id,
        email_address=user.email,
        full_name=user.name,
        nickname=user.nickname,
        own=_own(user) if own else None,
    )


def _own(user: User) -> lines.Own:
    known = EmailAddress.objects.filter(user=user).order_by("email")
    return lines.Own(
        **_same(user, "time_zone", "day_ends_at", "theme", "hotkeys", "is_active"),
        joined_at=user.date_joined,
        addresses=tuple(
            lines.Address(**_same(each, "email", "verified", "primary")) for each in known
        ),
    )


GROUP = (
    "hash_id", "slug", "name", "done_prompt", "goal_prompt", "blocked_prompt", "carries_over",
    "when_deleted", "created_at", "updated_at",
)  # fmt: skip


def _group(team: Team) -> lines.Group:
    whose = team.personal_of.hash_id if team.personal_of else None
    return lines.Group(**_same(team, *GROUP), personal_of=whose)


def _belongs(membership: Membership) -> lines.Belongs:
    return lines.Belongs(
        team=membership.team.hash_id,
        person=membership.user.hash_id,
        role=membership.role,  # type: ignore[arg-type]
        created_at=membership.created_at,
    )


ENTRY = (
    "hash_id", "body", "url", "occurred_on", "occurred_at", "completed_on", "archived_at",
    "created_at", "updated_at", "edited_at", "touched_at", "created_by", "origin_label",
    "counted_body",
)  # fmt: skip


def _logged(entry: Entry) -> lines.Logged:
    goal = cast(Entry | None, entry.completes)
    return lines.Logged(
        **_same(entry, *ENTRY),
        team=entry.team.hash_id,
        person=entry.user.hash_id,
        status=entry.kind,  # type: ignore[arg-type]
        completes=goal.hash_id if goal and not goal.deleted_at else None,
        tags=tuple(sorted(tag.name for tag in entry.tags.all())),
        mentioned=tuple(user.hash_id for user in entry.mentioned.all()),
        details=tuple(_details(entry.sources.all())),
        comments=tuple(_said(each) for each in entry.comments.all()),
        likes=tuple(
            lines.Liked(person=each.user.hash_id, created_at=each.created_at)
            for each in entry.likes.all()
        ),
    )


def _details(sources: Iterable[Source]) -> Iterator[lines.Detail]:
    """Not by which import it came here: elsewhere it comes by another one."""
    for source in sorted(sources, key=lambda each: each.key):
        if not source.key.startswith(key_of("")):
            yield lines.Detail(**_same(source, "key", "text", "url", "alike", "batch"))


def _said(comment: Comment) -> lines.Said:
    whose = comment.user.hash_id
    return lines.Said(person=whose, **_same(comment, "hash_id", "body", "created_at"))


def _same(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
