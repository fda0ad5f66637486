from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, TypeVar

from django.db import IntegrityError, models
from django.utils import timezone

from idonethis.background import OUTBOX, insist
from idonethis.crashes import may_crash
from idonethis.entries.models import Entry
from idonethis.entries.signals import entries_created, entry_changed
from idonethis.integrations import registry
from idonethis.integrations.base import News, Posts, Sends, Tells
from idonethis.integrations.http import Again, Client, Failed, Never, Unwanted, Vanished
from idonethis.integrations.models.attempt import Attempt
from idonethis.integrations.models.bucket import Bucket
from idonethis.integrations.models.deliveries import LEASE, DeliveryQuerySet
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.line import MOST_TRIES, InLine, asked_for
from idonethis.integrations.models.link_states import By
from idonethis.metrics import DELIVERIES

log = logging.getLogger(__name__)

How = TypeVar("How")


class Delivery(InLine):
    """The outbox: one entry at one link, and how far the partner's copy is behind. Edits and
    deletions make no further rows, so that they cannot overtake each other and a storm of them is
    one call. States: due, done, held (the link is in trouble), failed."""

    link = models.ForeignKey(
        IntegrationLink, models.CASCADE, related_name="deliveries", db_index=False
    )
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="deliveries")
    delivered_revision = models.PositiveIntegerField(default=0)
    #: The partner's name of our post, by which it is changed and removed.
    reference = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    #: Through which it was tried; None, where nothing was asked.
    _client: Client | None = None
    tries: Any

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "entry"], name="deliver_once")]
        indexes = [
            models.Index(fields=["link", "-id"], name="deliveries_of_link"),
            models.Index(
                fields=["link", "due_at"], condition=models.Q(state="due"), name="deliveries_line"
            ),
            models.Index(fields=["link"], condition=models.Q(state="held"), name="deliveries_held"),
        ]

    @property
    def result(self) -> str:
        """How far it is, in a word for programs: see reasons.DELIVERIES."""
        if self.state == "done":
            return "sent" if self.reference else "not_sent"
        waits = self.state == "due"
        return ("again" if self.attempts and self.trouble else "waiting") if waits else self.state

    @classmethod
    def after_entries_created(cls, entries: Sequence[Entry], **_: Any) -> None:
        """One row for each sending link of the team, never for where an entry came from."""
        links = IntegrationLink.objects.sending_of({each.team_id for each in entries})
        elsewhere = [
            cls(link=link, entry=entry)
            for entry in entries
            for link in links
            if link.team_id == entry.team_id and link.hash_id != entry.origin
        ]
        if elsewhere:
            cls.objects.bulk_create(elsewhere)
            OUTBOX.wake_on_commit()

    @classmethod
    def after_entry_changed(cls, entry: Entry, **_: Any) -> None:
        """What is under way looks again when it is through; what is through starts again."""
        cls.objects.filter(entry=entry, state="done").start_over()
        cls._tell_of_older(entry)
        OUTBOX.wake_on_commit()

    @classmethod
    def _tell_of_older(cls, entry: Entry) -> None:
        """Links that tell of news hear of those of an entry from before them, too."""
        telling = IntegrationLink.objects.sending().filter(
            team=entry.team, integration_type__in=registry.types_able(Tells)
        )
        new = telling.exclude(deliveries__entry=entry).exclude(hash_id=entry.origin)
        known = max(entry.revision - 1, 1)
        rows = (cls(link=link, entry=entry, delivered_revision=known) for link in new)
        cls.objects.bulk_create(rows, ignore_conflicts=True)

    @classmethod
    def drain(cls) -> int:
        """Delivers the next of what is due by one link, while no other carrier has it; returns
        whether there was any."""
        link = cls.objects.pick_up_link()
        if link is None:
            return 0
        try:
            for delivery in cls.objects.due().filter(link=link).claim(1, lease=LEASE):
                may_crash("before_outgoing")
                delivery.link = link
                delivery.deliver()
                Bucket.objects.heed(link, delivery._client)
        finally:
            insist(link.put_down)
        return 1

    @property
    def _line(self) -> DeliveryQuerySet:
        return type(self).objects.filter(link=self.link)

    def deliver(self) -> None:
        """One attempt. Outside any transaction, since a partner may take its time."""
        if self.link.is_gone:
            self.finish(state="failed", trouble="The link was removed.")
        elif not self.link.carries:
            self.finish(state="held")
        else:
            self._attempt()

    def _attempt(self) -> None:
        at, began = timezone.now(), time.monotonic()
        self._try()
        took = round((time.monotonic() - began) * 1000)
        said = self._client.told() if self._client else None
        self._note(Attempt(at=at, took=took, result=self.result, said=self.trouble, exchange=said))

    def _note(self, attempt: Attempt) -> None:
        attempt.delivery = self
        try:
            attempt.save()
        except IntegrityError:
            log.info("Delivery %s went with its team while it was tried", self.pk)
        else:
            self.tries.thin_out()

    def _try(self) -> None:
        revision = self.entry.revision
        try:
            self._bring_up_to_date()
        except Again as problem:
            self._end(self._try_later, problem)
        except Never as problem:
            self._end(self._give_up, problem)
        except Exception as problem:
            log.exception("Delivery %s failed", self.pk)
            self._end(self._try_later, Again(f"Our own fault ({type(problem).__name__})."))
        else:
            self._end(self._succeed, revision)

    def _end(self, end: Callable[[How], str], how: How) -> None:
        """Also where the database is away for a while: else all that goes out by this link would
        wait until the lease is over, and this would go out once more."""
        result = insist(partial(end, how))
        DELIVERIES.labels(self.link.integration_type, result).inc()

    def _bring_up_to_date(self) -> None:
        integration, link = self.link.integration, self.link
        if not isinstance(integration, Posts):
            raise Never(f"{integration.name} takes no entries.")
        self._client = client = link.client()
        if isinstance(integration, Tells):
            return self._tell(integration, client)
        wanted = not self.entry.deleted_at and integration.wants(self.entry, link)
        if wanted and not self.reference:
            reference = integration.deliver(self.entry, link, client)
            may_crash("after_partner_200")
            self._keep_reference(reference)
        elif isinstance(integration, Sends) and self._is_followed_by(integration):
            self._follow(integration, client, wanted)

    def _tell(self, integration: Tells, client: Client) -> None:
        entry, link = self.entry, self.link
        heard = [news for news in self._news if integration.hears(news, link)]
        if heard and integration.wants(entry, link):
            reference = integration.tell(heard[0], entry, link, client)
            may_crash("after_partner_200")
            self._keep_reference(reference)

    @property
    def _news(self) -> list[News]:
        """Of these, the first that is heard: an edit from before it went out is part of what is
        new."""
        if self.entry.deleted_at:
            return [News.DELETED]
        known, changed = bool(self.delivered_revision), self.entry.revision > 1
        return [News.CREATED] * (not known) + [News.UPDATED] * changed

    def _is_followed_by(self, integration: Sends) -> bool:
        return bool(self.reference) and integration.follows(self.reference)

    def _follow(self, integration: Sends, client: Client, wanted: bool) -> None:
        """What somebody has removed at the partner stays removed there."""
        try:
            if wanted:
                integration.update(self.entry, self.link, client, reference=self.reference)
            else:
                integration.retract(self.link, client, reference=self.reference)
        except Vanished as problem:
            log.info("A post is gone: %s", problem)
        if not wanted:
            self._keep_reference("")

    def _keep_reference(self, reference: str) -> None:
        """Kept whoever holds the lease by now: without it a second post would be made."""
        self.reference = reference
        mine = type(self).objects.filter(pk=self.pk)
        insist(lambda: mine.update(reference=reference))

    def _try_later(self, problem: Failed) -> str:
        if self.attempts >= MOST_TRIES:
            self.finish(state="failed", trouble=str(problem)[:300])
            return "failed"
        Bucket.objects.close(self.link, asked_for(problem))
        until = self.put_off(problem)
        if until:
            self.link.rest(until)
        return "again"

    def _give_up(self, problem: Never) -> str:
        if isinstance(problem, Unwanted):
            self.link.remove(by=By.SERVER)
        self.link.troubled_by(problem)
        ends = self.link.carries or self.link.is_gone
        state = "failed" if ends else "held"
        self.finish(state=state, trouble=str(problem)[:300])
        return state

    def _succeed(self, revision: int) -> str:
        now = timezone.now()
        self.finish(state="done", trouble="", delivered_revision=revision, delivered_at=now)
        self.link.sent()
        if self.attempts > 1:
            self._line.hurry()
        type(self).objects.behind().filter(pk=self.pk).start_over()
        return "done"


entries_created.connect(Delivery.after_entries_created)
entry_changed.connect(Delivery.after_entry_changed)
