from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import orjson
import zstandard
from django.conf import settings
from django.db import DatabaseError, OperationalError, models, transaction
from django.utils import timezone

from idonethis.crashes import may_crash
from idonethis.integrations import registry
from idonethis.integrations.base import Ended, Expands, FollowsUp, Reads, ReceivesForAll
from idonethis.integrations.models.apart import Apart
from idonethis.integrations.models.batch import Read, Settled, outcomes
from idonethis.integrations.models.bursts import brake
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.lease import Leased, untried
from idonethis.integrations.models.notes import send_note
from idonethis.integrations.models.reading import Reading
from idonethis.integrations.models.receipts import BECAME, JOINED, REPLAYABLE, ReceiptQuerySet
from idonethis.integrations.models.storm import HELD, Storm
from idonethis.integrations.models.telling import Outcome
from idonethis.integrations.models.turns import ALONE, BATCH, MOST_TAKEN_BACK, Lent, Turns
from idonethis.integrations.reads import BARE, DUE, EMPTIED, LONGEST_KEY
from idonethis.integrations.reasons import ASKING, IN_STORM, WAITING
from idonethis.integrations.values import Hook, Reason, Unreadable, without_nul
from idonethis.metrics import RECEIPTS
from idonethis.passing import passes

log = logging.getLogger(__name__)

#: After so many attempts a receipt that cannot be processed ends as failed.
MOST_ATTEMPTS = 5
GIVEN_UP = MOST_ATTEMPTS + 1
#: How soon what the database did not let through is tried again.
BREATH = timedelta(seconds=1)
#: What could not be put back yet, and as what has been tried at most so often.
OWED: deque[tuple[Lent, int]] = deque()
TURNS = Turns()
Finished = tuple["Receipt", Outcome]
#: What is not through, in a word for programs.
UNREAD = {DUE: WAITING, BARE: ASKING, "held": IN_STORM}


class Unpacking(threading.local):
    """One for each thread: making one takes longer than what it does with a hook."""

    def __init__(self) -> None:
        self.decompress = zstandard.ZstdDecompressor().decompress


UNPACKING = Unpacking()


class Receipt(Leased):
    """The inbox: one hook for one link, stored before it is understood. Ends in exactly one
    outcome, with a reason, a sentence and the entry it became."""

    lives_in: ClassVar[str] = settings.INBOX
    #: Finds the requests that lie apart, of all that were fetched with this one.
    apart: Apart | None = None

    integration_type = models.CharField(max_length=40)
    #: The link's primary key; 0 for a hook of a whole application, until it is read.
    link_id = models.BigIntegerField(default=0)
    delivery_key = models.CharField(max_length=LONGEST_KEY)
    event = models.CharField(max_length=80, default="")
    #: Compressed: a line of JSON (method, query, headers), then the body as it came. Empty
    #: where it lies apart, and once it is not kept any more: ``stored`` finds it.
    request = models.BinaryField()
    #: Compressed JSON: what the partner said when it was asked for more. None: it was not asked.
    more = models.BinaryField(null=True)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, default="", db_default="")
    why = models.CharField(max_length=300, default="", db_default="")
    entry = models.CharField(max_length=12, default="", db_default="")
    actor_key = models.CharField(max_length=254, default="", db_default="")
    read_for = models.BigIntegerField(default=0, db_default=0)
    #: The suggestion that it became, or decided, by its public name.
    suggestion = models.CharField(max_length=12, default="", db_default="")

    objects: ClassVar[ReceiptQuerySet] = ReceiptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["integration_type", "link_id", "delivery_key"], name="one_receipt"
            )
        ]
        indexes = [
            models.Index(
                fields=["link_id", "due_at"],
                condition=models.Q(state="due", attempts=0),
                name="receipts_fresh",
            ),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="due", attempts__gt=0),
                name="receipts_tried",
            ),
            models.Index(
                fields=["read_for", "id"], condition=models.Q(state="held"), name="receipts_held"
            ),
            models.Index(
                fields=["integration_type", "link_id", "id"],
                condition=models.Q(state="bare"),
                name="receipts_bare",
            ),
            models.Index(
                fields=["integration_type", "link_id"],
                condition=models.Q(state="bare", attempts__gt=0),
                name="receipts_asked",
            ),
            # Not "greater than nothing": SQLite would look for that, and so at all of them.
            models.Index(
                fields=["integration_type", "actor_key"],
                condition=~models.Q(actor_key=""),
                name="receipts_of_actor",
            ),
            # With what people filter by, so that a rare end is found without reading the rows.
            models.Index(
                fields=["read_for", "-id", "outcome", "event"],
                condition=models.Q(state="done"),
                name="receipts_of_link",
            ),
            models.Index(
                fields=["read_for", "outcome"],
                condition=models.Q(state="done", outcome__in=[each.value for each in REPLAYABLE]),
                name="receipts_replayable",
            ),
            models.Index(fields=["entry"], condition=~models.Q(entry=""), name="receipts_of_entry"),
            models.Index(
                fields=["integration_type", "actor_key"],
                condition=models.Q(outcome=Reason.NO_PERSON.value),
                name="receipts_unclaimed",
            ),
            models.Index(
                fields=["suggestion"],
                condition=~models.Q(suggestion=""),
                name="receipts_suggested",
            ),
        ]

    @classmethod
    def drain(cls) -> int:
        """Processes some of what is due, of each link in turn, and some of what has failed before.
        Returns how many it did something about."""
        cls._give_back_what_is_owed()
        queues, stormy = TURNS.next_queues(BATCH), Storm.objects.stormy()
        held = cls.objects.hold(stormy.intersection(queues))
        calm = [queue for queue in queues if queue not in stormy]
        wild = [queue for queue in queues if queue in stormy]
        fresh = cls.work(cls.objects.fresh(calm, most=BATCH), Known(stormy))
        back = cls.work(cls.objects.fresh(wild, most=MOST_TAKEN_BACK), Known(stormy))
        return held + fresh + back + cls.work(cls.objects.tried(), Known(stormy))

    @classmethod
    def work(cls, receipts: Sequence[Receipt], known: Known) -> int:
        """Processes these together. Entries are committed before the receipts are marked:
        unique keys make a repeat harmless, a mark without its entry would not be."""
        if not receipts:
            return 0
        may_crash("after_claim")
        lent = Lent.of(receipts)
        try:
            finished = cls._entered(receipts, known)
            made = [each.read_for for each, outcome in finished if each.makes_first(outcome)]
            cls._mark(finished)
        except OperationalError as problem:
            cls._put_back(lent, most=ALONE if passes(problem) else GIVEN_UP)
            raise
        for receipt, outcome in finished:
            RECEIPTS.labels(receipt.integration_type, outcome.reason or "again").inc()
            receipt.tell(outcome)
        brake(made, cls.objects.all())
        return len(receipts)

    @classmethod
    def _entered(cls, receipts: Sequence[Receipt], known: Known) -> list[Finished]:
        with transaction.atomic():
            finished = list(zip(receipts, outcomes(receipts, known), strict=True))
            known.note_received()
            may_crash("after_entry")
        may_crash("before_mark_done")
        return finished

    @classmethod
    def _mark(cls, finished: Sequence[Finished]) -> None:
        """All at once; but of those that were tried before, how one ends may depend on what another
        says."""
        fresh = [(each, outcome) for each, outcome in finished if each.attempts <= 1]
        with transaction.atomic(using=settings.INBOX):
            cls.objects.finish((receipt, receipt.ending(outcome)) for receipt, outcome in fresh)
            for receipt, outcome in finished:
                if receipt.attempts > 1:
                    receipt.end(outcome)
            if decided := [each.suggestion for _, each in finished if each.decides]:
                cls.objects.about(decided).replay()

    @classmethod
    def _put_back(cls, lent: Lent, *, most: int) -> None:
        """Tried again soon, with fewer at a time: of two workers that wait for each other, the
        database lets one go on. Where it takes nothing at all just now, ``most`` sees to it that
        they are never given up, and once it does, they are given back."""
        try:
            cls.objects.give_back(lent, at=timezone.now() + BREATH, most=most)
        except DatabaseError:
            OWED.append((lent, most))

    @classmethod
    def _give_back_what_is_owed(cls) -> None:
        for _ in range(len(OWED)):
            lent, most = OWED.popleft()
            cls._put_back(lent, most=most)

    def read(self, known: Known) -> Read:
        """Its hook, and how it ends without being read. Never raises for what the hook holds."""
        if self.attempts > MOST_ATTEMPTS:
            sentence = "Whoever tried to read it died over it. It stays stored."
            return Settled(Outcome(Reason.FAILED, sentence))
        try:
            return self._read(known)
        except DatabaseError:
            raise
        except Exception as problem:
            return Settled(self.ended_by(problem))

    def _read(self, known: Known) -> Read:
        integration = registry.get(self.integration_type)
        if not isinstance(integration, Reads):
            return Settled(Outcome(Reason.NO_LINK, "This integration is no longer installed."))
        if self.link_id in known.stormy and self.outcome != Reason.ANEW:
            self.read_for = self.link_id
            return Settled(Outcome(Reason.STORM_HELD, HELD))
        return self._reading(integration, known).understood()

    def _reading(self, integration: Reads, known: Known) -> Reading:
        hook, anew = self.hook, self.outcome == Reason.ANEW
        self.event = integration.event(hook)
        if isinstance(integration, ReceivesForAll):
            link = known.addressed(integration, hook)
        else:
            link = known.link(self.link_id)
        if link:
            self.read_for = link.pk
            known.hear(link)
        about = (self.delivery_key, self.outcome != "" and not anew, self.suggestion, anew)
        return Reading(hook, integration, link, known, *about)

    def ended_by(self, problem: Exception) -> Outcome:
        if isinstance(problem, Unreadable):
            return Outcome(Reason.UNREADABLE, str(problem))
        log.exception("Receipt %s of %s failed", self.pk, self.integration_type, exc_info=problem)
        sentence = f"The event could not be read ({type(problem).__name__}). It stays stored."
        last = self.attempts >= MOST_ATTEMPTS
        return Outcome(Reason.FAILED if last else None, sentence)

    def end(self, outcome: Outcome) -> None:
        self.finish(**self.ending(outcome))

    def ending(self, outcome: Outcome) -> dict[str, Any]:
        """What it says from then on."""
        if outcome.reason is None:
            return self.trying_again(why=outcome.sentence)
        if self._stays_as_it_ended(outcome):
            return {"state": "done"}
        reason = self._as_first_told(outcome)
        held = {"state": "held", "attempts": 0, "due_at": timezone.now()}
        return {
            **(held if reason is Reason.STORM_HELD else {"state": "done"}),
            **outcome.stored,
            "outcome": reason.value,
            "read_for": self.read_for,
            "event": self.event,
        }

    def makes_first(self, outcome: Outcome) -> bool:
        """Whether it makes an entry, and came just now: not again, and not out of a storm."""
        return outcome.reason is Reason.CREATED and not self.outcome

    def tell(self, outcome: Outcome) -> None:
        """Tells the person how it ended, where their integration has something to tell."""
        integration = registry.get(self.integration_type)
        if outcome.reason and isinstance(integration, FollowsUp):
            ended = Ended(outcome.reason, outcome.why)
            send_note(integration, self.hook, ended, link_id=self.link_id)

    def _stays_as_it_ended(self, outcome: Outcome) -> bool:
        """Read once more, it is the same thing: how it came to be that remains the answer."""
        same = (outcome.entry, outcome.suggestion) == (self.entry, self.suggestion)
        return outcome.reason is Reason.DUPLICATE and same and self.outcome in BECAME

    def _as_first_told(self, outcome: Outcome) -> Reason:
        """A receipt whose worker died between its entry and its mark finds the entry there, and
        made it all the same."""
        again = outcome.reason is Reason.DUPLICATE and self.attempts > 1
        if again and not Receipt.objects.of_entry(outcome.entry).exclude(pk=self.pk).exists():
            return Reason.CREATED
        return outcome.reason or Reason.FAILED

    @property
    def result(self) -> str:
        """How it ended, in a word for programs: see reasons.ENDINGS and reasons.UNREAD."""
        return UNREAD.get(self.state, self.outcome)

    @property
    def is_read(self) -> bool:
        """Whether it is through."""
        return self.state in ("done", EMPTIED)

    @property
    def has_request(self) -> bool:
        """Whether what came is still kept, and not only what became of it."""
        return self.state != EMPTIED

    @property
    def is_unasked(self) -> bool:
        """It needs the rest, and the partner has never said it."""
        integration = registry.get(self.integration_type)
        if self.more is not None or not isinstance(integration, Expands):
            return False
        return self.has_request and integration.stored_as(self.hook) == BARE

    @property
    def its_link(self) -> int:
        """The primary key of the link that it was read for, or came by; 0 while nobody knows."""
        return self.read_for or self.link_id

    @property
    def has_joined(self) -> bool:
        return self.outcome in JOINED

    @property
    def stored(self) -> bytes:
        """The request as it is stored, wherever that is; empty, once it is not kept any more."""
        if not self.request and self.has_request:
            self.request = (self.apart or Apart.of([self])).request(self.pk)
        return bytes(self.request)

    @property
    def hook(self) -> Hook:
        """The request as it came, without its secrets, while it has one."""
        head, _, body = UNPACKING.decompress(self.stored).partition(b"\n")
        about = orjson.loads(head)
        return Hook(
            body,
            about["headers"],
            about["method"],
            about["query"],
            received_at=self.received_at,
            more=without_nul(UNPACKING.decompress(bytes(self.more))) if self.more else {},
        )

    def expand(self, more: Mapping[str, Any]) -> bool:
        """It says this, too, and so can be read."""
        told = zstandard.compress(orjson.dumps(more), 1)
        return self.finish(state=DUE, more=told, why="", **untried())
