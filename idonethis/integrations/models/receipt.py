from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar

import orjson
import zstandard
from django.conf import settings
from django.db import OperationalError, models, transaction

from idonethis.background import soon
from idonethis.integrations import registry
from idonethis.integrations.base import Ended, Note, Receives, ReceivesForAll, Replies
from idonethis.integrations.http import Client, Failed
from idonethis.integrations.models.directory import Rows
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.lease import Leased, LeasedQuerySet
from idonethis.integrations.models.reading import Outcome, Reading, link_for
from idonethis.integrations.values import Hook, Reason, Unreadable

log = logging.getLogger(__name__)

#: After so many attempts a receipt that cannot be processed ends as failed.
MOST_ATTEMPTS = 5
LEASE = timedelta(seconds=30)


class ReceiptQuerySet(LeasedQuerySet["Receipt"]):
    def waiting_for(self, keys: Iterable[str], *, integration_type: str) -> ReceiptQuerySet:
        """Those that made no entry because nobody knew who these people are."""
        return self.filter(
            integration_type=integration_type,
            outcome=Reason.NO_PERSON,
            actor_key__in=list(keys),
            state="done",
        )

    def of_link(self, link: IntegrationLink) -> ReceiptQuerySet:
        """What has come in by this link and is through, newest first."""
        return self.filter(state="done", read_for=link.pk).order_by("-pk")

    def replay(self) -> int:
        """Processes these once more, from what was stored. Entries that exist stay one."""
        return self.start_over()


class Receipt(Leased):
    """The inbox: one hook for one link, stored before it is understood. Ends in exactly one
    outcome, with a reason, a sentence and the entry it became."""

    lives_in: ClassVar[str] = settings.INBOX

    integration_type = models.CharField(max_length=40)
    #: The link's primary key; 0 for a hook of a whole application, until it is read.
    link_id = models.BigIntegerField(default=0)
    delivery_key = models.CharField(max_length=200)
    event = models.CharField(max_length=80, default="")
    #: Compressed: a line of JSON (method, query, headers), then the body as it came.
    request = models.BinaryField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, default="", db_default="")
    why = models.CharField(max_length=300, default="", db_default="")
    entry = models.CharField(max_length=12, default="", db_default="")
    actor_key = models.CharField(max_length=254, default="", db_default="")
    read_for = models.BigIntegerField(default=0, db_default=0)

    objects: ClassVar[ReceiptQuerySet] = ReceiptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["integration_type", "link_id", "delivery_key"], name="one_receipt"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="receipts_due"),
            models.Index(
                fields=["read_for", "-id"],
                condition=models.Q(state="done"),
                name="receipts_of_link",
            ),
            models.Index(
                fields=["integration_type", "actor_key"],
                condition=models.Q(outcome=Reason.NO_PERSON.value),
                name="receipts_unclaimed",
            ),
        ]

    @classmethod
    def drain(cls) -> int:
        """Processes what is due, in one transaction; what has failed before, alone. Returns how
        many. Entries are committed before the receipts are marked: unique keys make a repeat
        harmless, a mark without its entry would not be."""
        fresh = cls.objects.due().filter(attempts=0).claim(100, lease=LEASE)
        receipts = fresh or cls.objects.due().claim(1, lease=LEASE)
        known = Known()
        with transaction.atomic():
            finished = [(receipt, receipt.process(known)) for receipt in receipts]
            known.note_received()
        with transaction.atomic(using=settings.INBOX):
            for receipt, outcome in finished:
                receipt.end(outcome)
        for receipt, outcome in finished:
            send_note(receipt, outcome)
        return len(receipts)

    def process(self, known: Known) -> Outcome:
        """What this hook becomes. Never raises for what the hook holds: that ends the receipt, or
        is tried again. ``known`` remembers what other receipts of the batch have looked up."""
        try:
            with transaction.atomic():
                return self._outcome(known)
        except Unreadable as problem:
            return Outcome(Reason.UNREADABLE, str(problem))
        except OperationalError:
            raise
        except Exception as problem:
            log.exception("Receipt %s of %s failed", self.pk, self.integration_type)
            return self._failed(problem)

    def _outcome(self, known: Known) -> Outcome:
        integration = registry.get(self.integration_type)
        if not isinstance(integration, Receives):
            return Outcome(Reason.NO_LINK, "This integration is no longer installed.")
        hook = self.hook
        self.event = integration.event(hook)
        if isinstance(integration, ReceivesForAll):
            link = link_for(integration, hook)
        else:
            link = known.link(self.link_id)
        if link:
            self.read_for = link.pk
            known.hear(link)
        return Reading(hook, integration, link, known, self.delivery_key).outcome()

    def _failed(self, problem: Exception) -> Outcome:
        sentence = f"The event could not be read ({type(problem).__name__}). It stays stored."
        last = self.attempts >= MOST_ATTEMPTS
        return Outcome(Reason.FAILED if last else None, sentence)

    def end(self, outcome: Outcome) -> None:
        if outcome.reason is None:
            self.again(why=outcome.why[:300])
            return
        reason = self._as_first_told(outcome)
        self.finish(
            state="done",
            outcome=reason.value,
            why=outcome.why[:300],
            entry=outcome.entry,
            actor_key=outcome.actor_key[:254],
            read_for=self.read_for,
            event=self.event,
        )

    def _as_first_told(self, outcome: Outcome) -> Reason:
        """A receipt whose worker died between its entry and its mark finds the entry there, and
        made it all the same."""
        again = outcome.reason is Reason.DUPLICATE and self.attempts > 1
        if again and not Receipt.objects.filter(entry=outcome.entry).exclude(pk=self.pk).exists():
            return Reason.CREATED
        return outcome.reason or Reason.FAILED

    @property
    def hook(self) -> Hook:
        """The request as it came, without its secrets."""
        head, _, body = zstandard.decompress(bytes(self.request)).partition(b"\n")
        about = orjson.loads(head)
        return Hook(
            body, about["headers"], about["method"], about["query"], received_at=self.received_at
        )


def send_note(receipt: Receipt, outcome: Outcome) -> None:
    """Tells the person how it ended, where their integration has something to tell."""
    integration = registry.get(receipt.integration_type)
    if outcome.reason is None or not isinstance(integration, Replies):
        return
    ended = Ended(outcome.reason, outcome.why)
    note = integration.note(receipt.hook, ended, Rows(receipt.integration_type))
    if note:
        soon(post_note, note)


def post_note(note: Note) -> None:
    try:
        Client().post(note.url, json=note.content)
    except Failed as problem:
        log.info("A note was not taken: %s", problem)
