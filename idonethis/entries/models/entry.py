from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries import signals, text
from idonethis.entries.drafts import TYPED, Draft, Origin
from idonethis.entries.models.lasting import Lasting
from idonethis.entries.search import Asked, Within, found
from idonethis.ids import hash_id
from idonethis.stored import store
from idonethis.teams.models import Membership, Team

#: Why somebody who may change an entry does not bring it back, as people hear it.
ADMINS_RESTORE = "Somebody else removed it, so only admins bring it back. Nothing changed."
IS_OPEN = ~models.Q(kind="done") & models.Q(deleted_at=None, completed_on=None, archived_at=None)


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(team__memberships__user=user)

    def for_team(self, team: Team) -> Self:
        return self.filter(team=team)

    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def alive(self) -> Self:
        return self.filter(deleted_at=None)

    def untouched(self) -> Self:
        """Those that say what their source said: nobody has edited or completed them, put them away
        or talked about them."""
        return self.alive().filter(
            edited_at=None, completed_on=None, archived_at=None, comments=None
        )

    def open(self) -> Self:
        """Goals and blockers that nobody has completed, archived or deleted. (Said without a list,
        in which SQLite would not see the index.)"""
        unfinished = self.alive().filter(completed_on=None, archived_at=None)
        return unfinished.exclude(kind=Entry.Kind.DONE)

    def brought_by(self, imported: str) -> Self:
        return self.filter(imported=imported).exclude(imported="")  # for the sake of the index

    def joined_by(self, imported: str) -> Self:
        """Those of others that this import added something to."""
        theirs = {"sources__imported": imported, "sources__imported__gt": ""}  # for the index
        return self.filter(**theirs).exclude(imported=imported).distinct()

    def carried_over_to(self, day: date) -> Self:
        return self.open().filter(occurred_on__lt=day)

    def search(self, asked: Asked, within: Within, *, most: int) -> Self:
        """The newest that say this, of those that are there for everybody in these teams."""
        pks = found(asked, within, most=most)
        return self.filter(pk__in=pks).order_by("-occurred_on", "-id")

    def log(self, draft: Draft, *, team: Team, user: User, origin: Origin = TYPED) -> Entry:
        entry = Entry.of(draft, team=team, user=user, origin=origin)
        self.bear([entry])
        return entry

    @transaction.atomic(savepoint=False)
    def bear(self, entries: Sequence[Entry]) -> None:
        """The one way entries are born. Stores them, with the tags and mentions of their words, and
        tells who listens, inside the transaction."""
        store(entries)
        tags = ((each, name) for each in entries for name in sorted(text.tags_in(each.body)))
        Tag.objects.bulk_create(Tag(entry=each, name=name) for each, name in tags)
        _mention(entries)
        if news := [each for each in entries if not each.imported]:
            signals.entries_created.send(sender=Entry, entries=news)


def _mention(entries: Iterable[Entry]) -> None:
    """The members whom their words name. Nearly always nobody is, and then nobody is looked for."""
    naming = [(each, names) for each in entries if (names := text.mentions_in(each.body))]
    if not naming:
        return
    members = Membership.objects.nicknamed({each.team_id for each, _ in naming})
    mention = Entry.mentioned.through
    mention.objects.bulk_create(
        mention(entry=each, user_id=user)
        for each, names in naming
        for team, user, nickname in members
        if team == each.team_id and nickname.lower() in names
    )


class Entry(Lasting):
    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="entries", db_index=False
    )
    url = models.CharField(max_length=text.LONGEST_ADDRESS, blank=True)
    created_by = models.CharField(max_length=40, default="app")
    origin = models.CharField(max_length=12, blank=True)
    origin_label = models.CharField(max_length=120, blank=True)
    #: The import that brought it from the past, if it has not come in by itself, too.
    imported = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        # Each begins with the team or the user, so these need none of their own.
        indexes = [
            models.Index(fields=["team", "-id"], name="newest_of_team"),
            models.Index(fields=["team", "-occurred_on", "-occurred_at", "-id"], name="team_log"),
            models.Index(
                fields=["team", "created_by", "-occurred_on", "-occurred_at", "-id"],
                name="team_sources",
            ),
            models.Index(fields=["user", "-occurred_on", "-occurred_at", "-id"], name="my_log"),
            models.Index(
                fields=["team", "-occurred_on", "-occurred_at", "-id"],
                condition=IS_OPEN,
                name="open_entries",
            ),
            models.Index(
                fields=["user", "-occurred_on", "-occurred_at", "-id"],
                condition=IS_OPEN,
                name="my_open_entries",
            ),
            models.Index(
                fields=["imported"], condition=~models.Q(imported=""), name="imported_entries"
            ),
        ]

    @classmethod
    def of(cls, draft: Draft, *, team: Team, user: User, origin: Origin = TYPED) -> Entry:
        """Not stored yet. It is dated by the person's day."""
        at = draft.occurred_at or timezone.now()
        return cls(
            team=team,
            user=user,
            kind=draft.kind,
            body=text.clean(draft.body)[: text.LONGEST],
            url=text.address(draft.url),
            occurred_at=at,
            occurred_on=draft.day_for(user.day_of(at)),
            created_by=origin.created_by,
            origin=origin.link,
            origin_label=origin.label[:120],
            imported=draft.imported,
        )

    def get_absolute_url(self) -> str:
        return reverse("entry", args=[self.hash_id])

    def can_change(self, user: User) -> bool:
        """Its author may, and the team's admins."""
        team: Team = self.team
        mine = self.user_id == user.pk and team.has_writer(user)
        return mine or team.has_admin(user)

    def can_restore(self, user: User) -> bool:
        """What somebody else has removed, only admins bring back."""
        team: Team = self.team
        free = self.deleted_by_id in (None, user.pk)
        return self.can_change(user) if free else team.has_admin(user)

    def come_by_itself(self) -> None:
        """What was imported has come in like everything else: whoever listens hears of it now."""
        was_imported = Entry.objects.filter(pk=self.pk).exclude(imported="").update(imported="")
        self.imported = ""
        if was_imported and not self.deleted_at:
            signals.entries_created.send(sender=Entry, entries=[self])

    @property
    def is_as_imported(self) -> bool:
        """Nobody has changed, removed or commented it, and one import has brought all of it."""
        theirs = self.touched_at or self.deleted_at or self.comments.exists()
        return not theirs and not self.sources.exclude(imported=self.imported).exists()

    @transaction.atomic
    def let_go_of(self, imported: str) -> bool:
        """What this import added to it goes; not if a person has put it into their own words."""
        self.wait_for_others()
        if self.edited_at:
            return False
        self.sources.filter(imported=imported).delete()
        self.recount()
        return True

    def show(self, **changes: str) -> None:
        """What its source lets through of it by now."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.say(self.body)
        self.changed()

    def its_done(self) -> Entry:
        """The one done that completing this goal or blocker makes."""
        done = Entry.objects.filter(completes=self).first()
        return done or self._log_done()

    def _log_done(self) -> Entry:
        draft = Draft(body=self.body, url=self.url)
        done = Entry.objects.log(draft, team=self.team, user=self.user)
        done.completes = self
        done.save(update_fields=["completes"])
        return done


class Tag(models.Model):
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=50, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "name"], name="one_tag")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
