from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import OperationalError, models, transaction
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.background import JOBS
from idonethis.ids import hash_id
from idonethis.integrations.http import Again, Never
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.lease import LeasedQuerySet
from idonethis.integrations.models.progress import Overtaken, Progress
from idonethis.integrations.models.work import Work
from idonethis.teams.models import Team

log = logging.getLogger(__name__)

#: Longer than the calls of one step may take.
LEASE = timedelta(minutes=5)


class JobQuerySet(LeasedQuerySet["Job"]):
    def visible_to(self, user: User) -> Self:
        """Of their teams; what belongs to no team is the administrators'."""
        theirs = models.Q(team__memberships__user=user)
        return self.filter(theirs | models.Q(team=None) if user.is_staff else theirs).distinct()

    def manageable_by(self, user: User) -> Self:
        """What they began, and what is of the teams that they administer."""
        administered = Team.objects.filter(memberships__user=user, memberships__role="admin")
        own = models.Q(user=user) | models.Q(team__in=administered)
        return self.visible_to(user).filter(own | models.Q(team=None))

    def running(self) -> Self:
        return self.filter(state="due")

    def next(self) -> Self:
        """The one that has waited longest, so that a long job does not hold up a short one."""
        due = self.due()
        return due.filter(pk__in=due.order_by("due_at").values("pk")[:1])

    def take_over(self) -> int:
        """Those that wait for a partner go on waiting."""
        resting = models.Q(waits_until__isnull=False, waits_until__gt=timezone.now())
        return super(JobQuerySet, self.exclude(resting)).take_over()

    def step(self) -> int:
        """One step of the first of these; returns how many there were."""
        jobs = self.claim(1, lease=LEASE)
        for job in jobs:
            job.take_step()
        return len(jobs)


class Job(Progress):
    """Long work for a team, done a step at a time. What a step does is stored together with how far
    the job is, or not at all, so one that dies goes on where it stopped and doubles nothing."""

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    kind = models.CharField(max_length=20)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="jobs")
    link = models.ForeignKey(IntegrationLink, models.CASCADE, null=True, related_name="jobs")
    #: Who began it; nobody, where it was begun on the server.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="jobs_due"),
        ]

    def __str__(self) -> str:
        return self.work.title

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.hash_id])

    @property
    def work(self) -> Work:
        return Work.kinds[self.kind](self)

    @classmethod
    @transaction.atomic
    def begin(cls, kind: str, **fields: Any) -> Job:
        made = cls.objects.create(kind=kind, **fields)
        made.record("job.begun")
        JOBS.wake_on_commit()
        return made

    @classmethod
    def drain(cls) -> int:
        """A step of the job whose turn it is; returns how many there were."""
        return cls.objects.next().step()

    def take_step(self) -> None:
        began = time.monotonic()
        try:
            self.check_patience()
            work = self.work
            fetched = work.fetch()
            with transaction.atomic():
                self.keep(work.apply(fetched), seconds=time.monotonic() - began)
        except Again as problem:
            self.wait(problem)
        except Never as problem:
            self.fail(problem)
        except OperationalError:
            raise
        except Overtaken:
            log.warning("Job %s was overtaken", self.hash_id)
        except Exception as problem:
            log.exception("Job %s failed", self.hash_id)
            self.wait(Again(f"Our own fault ({type(problem).__name__})."))

    @transaction.atomic
    def stop(self) -> bool:
        stops = super().stop()
        self.record("job.stopped")
        return stops

    def record(self, action: str) -> None:
        """In the log of changes; what was asked stands in the job itself."""
        record(action, self, team=self.team, kind=self.kind)

    @transaction.atomic
    def go_on(self) -> bool:
        goes = super().go_on()
        self.record("job.continued")
        JOBS.wake_on_commit()
        return goes

    @property
    def can_undo(self) -> bool:
        return not self.is_running and bool(self.work.undo)

    def undo(self, *, by: User | None) -> Job:
        """The job that takes this one back: the one that is at it, or a new one."""
        kind, asked = self.work.undo, {"job": self.hash_id}
        same = type(self).objects.running().filter(kind=kind, asked__job=self.hash_id)
        mine = {"team": self.team, "link": self.link, "user": by, "asked": asked}
        return same.first() or Job.begin(kind, **mine)

    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "job": self.hash_id,
            "what": str(self),
            "state": "running" if self.is_running else self.state,
            "done": self.done,
            "total": self.total,
            "results": self.results,
            "reasons": self.reasons,
            "trouble": self.trouble,
            "waits_until": self.waits_until.isoformat() if self.waits_until else None,
        }
