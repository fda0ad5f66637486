"""What happened before a link was made, brought into the log."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.models import Entry
from idonethis.integrations.asking import ask
from idonethis.integrations.base import Backfills, PastPage
from idonethis.integrations.http import Again, NeedsReconnect, Never
from idonethis.integrations.models.bucket import Bucket, spare
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.job import Job
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.reading import Reading
from idonethis.integrations.models.results import WORDS, Result, weightiest
from idonethis.integrations.models.telling import Outcome, Telling
from idonethis.integrations.models.undoing import Undo
from idonethis.integrations.models.work import Step, Work
from idonethis.integrations.values import Hook, Reason, Revoked

log = logging.getLogger(__name__)

#: For how many days back people are asked.
CHOICES = (7, 14, 30, 90)


@dataclass(frozen=True)
class Importing(Reading):
    """A hook that a partner would have sent, had it been asked to: read as every other one, but
    nobody is told of what it becomes."""

    imported: str = field(kw_only=True)

    def sum_up(self, outcomes: list[Outcome]) -> Outcome:
        return weightiest(outcomes)

    def _disconnect(self, event: Revoked) -> Outcome:
        return Outcome(Reason.DISCONNECTED, event.why)

    def _telling(self, link: IntegrationLink) -> Telling:
        return replace(super()._telling(link), imported=self.imported)


@dataclass(frozen=True)
class Past:
    """What can be brought in by a link, of the time since then."""

    link: IntegrationLink
    since: datetime

    @classmethod
    def of_days(cls, link: IntegrationLink, days: int) -> Past:
        return cls(link, timezone.now() - timedelta(days=days))

    def check(self) -> Backfills:
        """Whose past it is. Raises Never, where it cannot be asked for."""
        integration = self.link.integration
        if not isinstance(integration, Backfills) or not self.link.subject:
            raise Never(f"What happened before cannot be brought in by {self.link}.")
        if not self.link.integration_user:
            raise Never(f"No account at {integration.name} is left to ask with.")
        if self.link.is_gone or self.link.is_paused:
            raise Never(f"{self.link} is {self.link.get_state_display().lower()}.")
        if self.link.rules.suggests:
            raise Never(f"{self.link} suggests what comes in, and nothing of the past.")
        return integration

    def page(self, cursor: dict[str, object]) -> PastPage:
        """Asks the partner, so outside any transaction. Raises Failed."""
        integration, client = self.check(), self.link.client()
        try:
            return ask(
                integration,
                lambda: integration.past(client, self.link, since=self.since, cursor=cursor),
            )
        except NeedsReconnect as problem:
            self.link.troubled_by(problem)
            raise
        except Again as problem:
            Bucket.objects.close(self.link, problem.after)
            raise

    def read(self, page: PastPage, *, imported: str) -> Iterator[Outcome]:
        """Stores what its hooks become, as brought by this import."""
        known = Known()
        for hook in page.hooks:
            yield self._outcome(hook, known, imported=imported)

    def _outcome(self, hook: Hook, known: Known, *, imported: str) -> Outcome:
        integration, link = self.check(), known.link(self.link.pk)
        key = integration.stored_key(hook)
        try:
            with transaction.atomic():
                reading = Importing(hook, integration, link, known, key, imported=imported)
                return reading.outcome()
        except OperationalError:
            raise
        except Exception as problem:
            known.begin()
            log.exception("The past of %s holds what cannot be read", self.link.hash_id)
            return Outcome(Reason.FAILED, f"It could not be read ({type(problem).__name__}).")


def can_backfill(link: IntegrationLink) -> bool:
    integration = link.integration
    listed = isinstance(integration, Backfills) and bool(link.subject)
    return listed and link.integration_user is not None and not link.rules.suggests


class Backfill(Work):
    kind = "backfill"
    words = WORDS

    @classmethod
    def begin(cls, past: Past, *, days: int, user: User | None) -> Job:
        """The one that is at it for this link, or a new one."""
        link = past.link
        running = Job.objects.running().filter(kind=cls.kind, link=link).first()
        asked = {"days": days, "since": past.since.isoformat()}
        return running or Job.begin(cls.kind, team=link.team, link=link, user=user, asked=asked)

    @property
    def title(self) -> str:
        return f"Import of {self.job.link}, last {self.job.asked['days']} days"

    @property
    def _past(self) -> Past:
        return Past(self.job.link, datetime.fromisoformat(self.job.asked["since"]))

    def fetch(self) -> PastPage:
        spare(self.job.link)
        return self._past.page(self.job.cursor)

    def apply(self, fetched: PastPage) -> Step:
        outcomes = list(self._past.read(fetched, imported=self.job.hash_id))
        return Step(
            fetched.cursor,
            done=fetched.seen,
            total=fetched.total,
            results=Counter(Result.of(outcome).value for outcome in outcomes),
            reasons=Counter(str(outcome.reason) for outcome in outcomes),
        )

    @property
    def undo(self) -> str:
        made, joined = Entry.objects.brought_by, Entry.objects.joined_by
        job = self.job.hash_id
        return Undo.kind if made(job).exists() or joined(job).exists() else ""
