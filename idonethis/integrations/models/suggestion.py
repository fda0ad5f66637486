from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.drafts import Detail, Draft, Growing, Origin, Rewritten
from idonethis.entries.models import Entry, Source
from idonethis.entries.models.thing import LONGEST_KEY, stored_key
from idonethis.entries.models.worded import counted
from idonethis.entries.programs import origin_of
from idonethis.entries.text import LONGEST, LONGEST_ADDRESS, clean
from idonethis.ids import hash_id
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.suggestions import WAITS, State, SuggestionQuerySet, key_of
from idonethis.teams.models import Team

#: What may change while it waits.
HEARD = ("kind", "body", "counted_body", "url", "day", "as_of", "details")

AnyDraft = TypeVar("AnyDraft", bound=Draft)


class Suggestion(models.Model):
    """An entry-to-be that its person has to say yes to. Until then nobody but them may see it, nor
    afterwards, if they say no."""

    State = State

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="suggestions")
    #: None for what a program of theirs drafts in their name; ``label`` is what it is called.
    link = models.ForeignKey(IntegrationLink, models.CASCADE, null=True, related_name="suggestions")
    label = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=LONGEST_KEY)
    kind = models.CharField(max_length=8, choices=Entry.Kind.choices)
    body = models.TextField()
    #: The body of one that sums up details, with {count} where their number goes.
    counted_body = models.CharField(max_length=Entry.LONGEST_COUNTED, blank=True)
    url = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    day = models.DateField()
    as_of = models.DateTimeField(null=True)
    #: What it would sum up, each detail as the fields of a Detail.
    details = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "key"], name="one_suggestion")]
        indexes = [
            models.Index(
                fields=["user", "-day", "-id"],
                condition=models.Q(state="pending"),
                name="my_suggestions",
            ),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state="pending"),
                name="suggestions_overdue",
            ),
            models.Index(fields=["moved_at"], name="suggestions_moved"),
        ]

    def __str__(self) -> str:
        """Never its text: this may end in any log."""
        return f"suggestion {self.hash_id}"

    @classmethod
    def begun(cls, draft: Draft, link: IntegrationLink, user: User) -> Suggestion:
        """Not stored yet."""
        key, expires_at = stored_key(key_of(draft, user)), timezone.now() + WAITS
        return cls(team=link.team, user=user, link=link, key=key, expires_at=expires_at)

    def gathered(self, draft: AnyDraft) -> AnyDraft:
        """The draft with all details that the suggestion would sum up by now."""
        if not isinstance(draft, Growing):
            return draft
        known = [Detail(**each) for each in self.details]
        anew = {detail.key: detail for detail in draft.details}
        told = [anew.get(detail.key, detail) for detail in known]
        return replace(draft, details=(*told, *_unlike(draft, known)))

    def hear(self, entry: Entry, draft: Draft) -> bool:
        """``entry`` is what ``draft`` would become. Whether that is news: what is older than it
        says by now is none."""
        before, older = self._heard(), draft.as_of and self.as_of and draft.as_of < self.as_of
        if self.state == self.State.RETRACTED and draft.as_of:
            self._wait_again()
        if not older:
            self.kind, self.body, self.url = entry.kind, entry.body, entry.url
            self.counted_body, self.day = entry.counted_body, entry.occurred_on
            self.as_of = draft.as_of
        if isinstance(draft, Growing):
            self.details = [asdict(detail) for detail in draft.details]
        is_news = not self.pk or before != self._heard()
        # What its person decides meanwhile is not overwritten.
        self.save(update_fields=HEARD if self.pk else None)
        return is_news

    def _heard(self) -> list[object]:
        return [self.state, *(getattr(self, name) for name in HEARD)]

    @property
    def is_decided(self) -> bool:
        """Its person has had their say, or their chance to."""
        open_ = (self.State.PENDING, self.State.RETRACTED)
        return self.state not in open_

    @property
    def origin(self) -> Origin:
        return self.link.origin if self.link else origin_of(self.label)

    def log(self) -> None:
        """As it stands here: of what a program drafts, nothing else is kept."""
        said = Draft(body=self.body, kind=self.kind, key=self.key, day=self.day)
        Source.objects.tell_on_day(said, team=self.team, user=self.user, origin=self.origin)

    def accept(self) -> None:
        if self.pk:
            self._move_to(self.State.ACCEPTED)

    def retract(self, as_of: datetime | None) -> bool:
        """It did not happen after all, unless it happened once more since."""
        happened_since = as_of and self.as_of and as_of < self.as_of
        if not happened_since:
            self._move_to(self.State.RETRACTED)
        return not happened_since

    def _wait_again(self) -> None:
        """It has happened once more since it was taken back."""
        self.expires_at = timezone.now() + WAITS
        self.save(update_fields=["expires_at"])
        self._move_to(self.State.PENDING)

    def _move_to(self, state: str) -> None:
        self.state, self.moved_at = state, timezone.now()
        self.save(update_fields=["state", "moved_at"])

    def reword(self, body: str, as_of: datetime | None) -> bool:
        """Newer words of its source; whether they are others."""
        body, before = clean(body)[:LONGEST], self.body
        if not (as_of and self.as_of and as_of < self.as_of):
            self.body, self.as_of = body, as_of or self.as_of
            self.save(update_fields=["body", "as_of"])
        return self.body != before

    def lose(self, draft: Draft) -> None:
        """A rule leaves this out by now: with the last of its details it goes."""
        gone = {detail.key for detail in draft.details}
        rest = [each for each in self.details if each["key"] not in gone]
        if isinstance(draft, Growing) and rest:
            self.details, self.body = rest, counted(self.counted_body, len(rest))
            self.save(update_fields=["details", "body"])
        else:
            self.delete()


def _unlike(draft: Growing, known: Iterable[Detail]) -> list[Detail]:
    """Those that are not known yet; of a history written anew, neither in another form."""
    keys = {detail.key for detail in known}
    likes = {detail.alike for detail in known if detail.alike}
    fresh = [detail for detail in draft.details if detail.key not in keys]
    if isinstance(draft, Rewritten):
        return [detail for detail in fresh if detail.alike not in likes]
    return fresh
