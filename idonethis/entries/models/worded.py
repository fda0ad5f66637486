from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries import signals, text
from idonethis.teams.models import Team


def counted(body: str, count: int) -> str:
    """The body of an entry that sums up details, with their number."""
    told = body.replace("{count}", str(count), 1)
    return told.replace("{s}", "" if count == 1 else "s", 1)


class Worded(models.Model):
    """What an entry says, in its person's words or in those of where it came from."""

    class Kind(models.TextChoices):
        DONE = "done", "Done"
        GOAL = "goal", "Goal"
        BLOCKED = "blocked", "Blocker"

    #: The kinds that stay open until they are completed.
    OPEN = (Kind.GOAL, Kind.BLOCKED)
    LONGEST_COUNTED = 400

    team = models.ForeignKey(Team, models.CASCADE, related_name="entries", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.DONE)
    body = models.TextField()
    #: The body of an entry that sums up details, with {count} where their number goes.
    counted_body = models.CharField(max_length=LONGEST_COUNTED, blank=True)
    #: When a person last changed the words; from then on no source overwrites them.
    edited_at = models.DateTimeField(null=True)
    #: When a person last changed anything of it.
    touched_at = models.DateTimeField(null=True)
    #: Grows with every change that a reader elsewhere should see.
    revision = models.PositiveIntegerField(default=1)
    mentioned = models.ManyToManyField(User, related_name="mentions")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.body

    @transaction.atomic
    def edit(self, *, kind: str, body: str) -> None:
        """A person's own words, which from now on win over any source."""
        self.wait_for_others()
        body = text.clean(body).strip()[: text.LONGEST]
        if (kind, body) == (self.kind, self.body):
            return
        self.touched_at = timezone.now()
        if body != self.body:
            self.edited_at = self.touched_at
        self.kind = kind
        self.say(body)
        self.changed()

    @transaction.atomic
    def hear(self, body: str) -> bool:
        """Newer words of its source; whether they change it. A person's words stay."""
        self.wait_for_others()
        body = text.clean(body)[: text.LONGEST]
        if self.edited_at or body == self.body:
            return False
        self.say(body)
        self.changed()
        return True

    @property
    def details(self) -> models.QuerySet[Any]:
        sources: models.Manager[Any] = self.sources  # type: ignore[attr-defined]
        return sources.exclude(text="")

    def wait_for_others(self) -> None:
        """Nobody else changes it until this transaction ends; what they did before is seen."""
        everything = type(self)._default_manager.all()
        self.refresh_from_db(from_queryset=everything.select_for_update())

    def changed(self) -> None:
        """Saves, and tells who listens that there is something new to see."""
        self.revision += 1
        self.save()
        signals.entry_changed.send(sender=type(self), entry=self)

    def say(self, body: str) -> None:
        """These words from now on, with their tags and mentions. Saves no more than those."""
        self.body = body
        tags: models.Manager[Any] = self.tags  # type: ignore[attr-defined]
        wanted = text.tags_in(body)
        if wanted != set(tags.values_list("name", flat=True)):
            tags.all().delete()
            self._tag(wanted)
        self.mentioned.set(self._members_named(text.mentions_in(body)))

    def _tag(self, names: set[str]) -> None:
        tags: models.Manager[Any] = self.tags  # type: ignore[attr-defined]
        tags.bulk_create(tags.model(entry=self, name=name) for name in sorted(names))

    def _members_named(self, names: set[str]) -> list[User]:
        members = self.team.members.exclude(nickname="") if names else ()
        return [member for member in members if member.nickname.lower() in names]
