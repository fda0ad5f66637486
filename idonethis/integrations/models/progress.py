from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db import models
from django.utils import timezone

from idonethis.integrations.http import Again, Never
from idonethis.integrations.models.lease import BACKOFF, Leased, backoff
from idonethis.integrations.models.work import Step

#: The share that must be done before it is said how long the rest takes.
ENOUGH = 0.05


class Overtaken(Exception):
    """The step took longer than its lease, and somebody else has the job. Nothing is stored."""


class Progress(Leased):
    """How far long work is, what came of it, and what it waits for. States: due, done, stopped (by
    a person), failed (needs one)."""

    cursor = models.JSONField(default=dict)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    results = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    trouble = models.CharField(max_length=300, blank=True)
    #: When it goes on, where something keeps it from that.
    waits_until = models.DateTimeField(null=True)
    #: The last attempt that got somewhere.
    good_attempt = models.PositiveIntegerField(default=0)
    #: In seconds, without waiting.
    worked = models.FloatField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_running(self) -> bool:
        return self.state == "due"

    @property
    def is_waiting(self) -> bool:
        return self.is_running and self.waits_until is not None

    @property
    def left(self) -> timedelta | None:
        """How long the rest takes, once enough is done to tell."""
        if not self.total or not self.is_running or self.done < self.total * ENOUGH:
            return None
        return timedelta(seconds=self.worked / self.done * (self.total - self.done))

    @property
    def failures(self) -> int:
        """How many attempts in a row, this one among them, got nowhere; a death is one, too."""
        return self.attempts - self.good_attempt

    def check_patience(self) -> None:
        if self.failures > len(BACKOFF):
            raise Never("It was tried again and again and got nowhere. What it did before stays.")

    def keep(self, step: Step, *, seconds: float) -> None:
        """Stores what a step did, in its transaction; raises Overtaken to undo it all."""
        now, done = timezone.now(), self.done + step.done
        is_over = step.cursor is None
        known = self.total if step.total is None else step.total
        kept = self.finish(
            cursor=self.cursor if step.cursor is None else step.cursor,
            done=done,
            total=done if is_over else known and max(known, done),
            results=dict(Counter(self.results) + step.results),
            reasons=dict(Counter(self.reasons) + step.reasons),
            worked=self.worked + seconds,
            due_at=now,
            trouble="",
            waits_until=None,
            good_attempt=self.attempts,
            **({"state": "done", "ended_at": now} if is_over else {}),
        )
        if not kept:
            raise Overtaken

    def wait(self, problem: Again) -> None:
        """A partner that says when is obeyed, however often."""
        pause = timedelta(seconds=problem.after) if problem.after else backoff(self.failures)
        at, good = timezone.now() + pause, self.attempts if problem.after else self.good_attempt
        self.again(at=at, waits_until=at, trouble=str(problem)[:300], good_attempt=good)

    def fail(self, problem: Never) -> None:
        ended = {"ended_at": timezone.now(), "trouble": str(problem)[:300]}
        self.end("failed", attempts=self.attempts, **ended)

    def stop(self) -> bool:
        """A step that is under way is finished; what was done stays."""
        return self.end("stopped", ended_at=timezone.now())

    def end(self, state: str, *, attempts: int | None = None, **fields: object) -> bool:
        """False, and nothing done, if it has ended, or somebody else has it."""
        mine = type(self)._base_manager.filter(pk=self.pk, state="due")
        if attempts is not None:
            mine = mine.filter(attempts=attempts)
        return bool(mine.update(state=state, waits_until=None, **fields))

    def go_on(self) -> bool:
        """After a stop, or once what was wrong is put right: from where it stopped."""
        ended = type(self)._base_manager.filter(pk=self.pk, state__in=("stopped", "failed"))
        fresh = {"due_at": timezone.now(), "ended_at": None, "trouble": ""}
        return bool(ended.update(state="due", good_attempt=models.F("attempts"), **fresh))
