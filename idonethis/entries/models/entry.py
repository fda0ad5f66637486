from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries import signals, text
from idonethis.entries.drafts import TYPED, Draft, Origin
from idonethis.ids import hash_id
from idonethis.teams.models import Team


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(team__memberships__user=user)

    def for_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def alive(self) -> Self:
        return self.filter(deleted_at=None)

    def open(self) -> Self:
        """Goals and blockers that nobody has completed, archived or deleted."""
        return self.alive().filter(completed_on=None, archived_at=None).exclude(kind="done")

    def carried_over_to(self, day: date) -> Self:
        return self.open().filter(occurred_on__lt=day)

    @transaction.atomic(savepoint=False)
    def log(self, draft: Draft, *, team: Team, user: User, origin: Origin = TYPED) -> Entry:
        """The one way an entry is born. Dates it by the person's day, reads its tags and mentions,
        and tells who listens, inside the transaction."""
        at = draft.occurred_at or timezone.now()
        entry = self.create(
            team=team,
            user=user,
            kind=draft.kind,
            body=text.clean(draft.body)[: text.LONGEST],
            url=draft.url,
            occurred_at=at,
            occurred_on=draft.day_for(user.day_of(at)),
            created_by=origin.created_by,
            origin=origin.link,
            origin_label=origin.label,
        )
        entry.read_tags_and_mentions()
        signals.entry_created.send(sender=Entry, entry=entry)
        return entry


class Entry(models.Model):
    class Kind(models.TextChoices):
        DONE = "done", "Done"
        GOAL = "goal", "Goal"
        BLOCKED = "blocked", "Blocker"

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="entries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.DONE)
    body = models.TextField()
    #: The body of an entry that sums up details, with {count} where their number goes.
    counted_body = models.CharField(max_length=400, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    occurred_at = models.DateTimeField()
    occurred_on = models.DateField()
    completed_on = models.DateField(null=True)
    completes = models.OneToOneField(
        "self", models.SET_NULL, null=True, related_name="completed_by"
    )
    created_by = models.CharField(max_length=40, default="app")
    origin = models.CharField(max_length=12, blank=True)
    origin_label = models.CharField(max_length=120, blank=True)
    #: When a person last changed the words; from then on no source overwrites them.
    edited_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    #: Nobody, where the source itself took the entry back.
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    #: Grows with every change that a reader elsewhere should see.
    revision = models.PositiveIntegerField(default=1)
    mentioned = models.ManyToManyField(User, related_name="mentions")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["team", "-occurred_on", "-occurred_at", "-id"], name="team_log"),
            models.Index(fields=["user", "-occurred_on", "-occurred_at", "-id"], name="my_log"),
            models.Index(
                fields=["team", "user"],
                condition=models.Q(
                    deleted_at=None,
                    completed_on=None,
                    archived_at=None,
                    kind__in=["goal", "blocked"],
                ),
                name="open_entries",
            ),
        ]

    def __str__(self) -> str:
        return self.body

    def get_absolute_url(self) -> str:
        return reverse("entry", args=[self.hash_id])

    @property
    def is_open(self) -> bool:
        return self.kind != "done" and not (self.completed_on or self.archived_at)

    def can_change(self, user: User) -> bool:
        """Its author may, and the team's admins."""
        mine = self.user_id == user.pk and self.team.has_writer(user)
        return mine or self.team.has_admin(user)

    @transaction.atomic
    def edit(self, *, kind: str, body: str) -> None:
        """A person's own words, which from now on win over any source."""
        self.kind, self.body = kind, text.clean(body)[: text.LONGEST]
        self.edited_at = timezone.now()
        self.changed()

    @transaction.atomic
    def move_to(self, day: date) -> None:
        self.occurred_on = day
        self.changed()

    @transaction.atomic
    def complete(self, *, on: date) -> Entry:
        """The goal is reached, the blocker is out of the way: a done of that day, tied to it."""
        self.completed_on = on
        self.changed()
        done = Entry.objects.log(
            Draft(body=self.body, url=self.url), team=self.team, user=self.user
        )
        done.completes, done.occurred_on = self, on
        done.save(update_fields=["completes", "occurred_on"])
        return done

    @transaction.atomic
    def reopen(self) -> None:
        """Undoes ``complete``: the goal is open again and the done it made is gone."""
        done = Entry.objects.filter(completes=self).first()
        self.completed_on = None
        self.changed()
        if done:
            done.completes = None
            done.delete_softly(by=self.user)

    @transaction.atomic
    def archive(self) -> None:
        self.archived_at = timezone.now()
        self.changed()

    @transaction.atomic
    def delete_softly(self, *, by: User | None) -> None:
        self.deleted_at, self.deleted_by = timezone.now(), by
        self.changed()

    @transaction.atomic
    def restore(self) -> None:
        self.deleted_at = self.deleted_by = None
        self.changed()

    def counted(self) -> str:
        """The body of an entry that sums up details, with their number as it is now."""
        count = self.details.count()
        plural = "" if count == 1 else "s"
        return self.counted_body.replace("{count}", str(count), 1).replace("{s}", plural, 1)

    @property
    def details(self) -> models.QuerySet[Any]:
        return self.sources.exclude(text="")

    def recount(self) -> None:
        """After details came or went: the new number, or nothing where none is left."""
        if not self.details.exists():
            self.delete_softly(by=None)
            return
        if not self.edited_at:
            self.body = self.counted()
        self.changed()

    def changed(self) -> None:
        """Saves, and tells who listens that there is something new to see."""
        self.revision += 1
        self.save()
        self.read_tags_and_mentions()
        signals.entry_changed.send(sender=Entry, entry=self)

    def read_tags_and_mentions(self) -> None:
        wanted = text.tags_in(self.body)
        known = set(self.tags.values_list("name", flat=True)) if self.revision > 1 else set()
        if wanted != known:
            self.tags.all().delete()
            Tag.objects.bulk_create(Tag(entry=self, name=name) for name in sorted(wanted))
        names = text.mentions_in(self.body)
        if names or self.revision > 1:
            self.mentioned.set(User.objects.filter(teams=self.team, nickname__in=names))


class Tag(models.Model):
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=50, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "name"], name="one_tag")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
