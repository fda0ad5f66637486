"""Something is missing, and nothing was received: the partner is asked whether it tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from django.db import models
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.integrations.base import FailedDelivery, Redelivers
from idonethis.integrations.http import Again, Never
from idonethis.integrations.models import gaps, reconciling
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.job import Job
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.models.reconciling import Look
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.repair import Kind
from idonethis.integrations.models.work import Step, Work

#: Who asks again so soon is told what was found the last time.
RECENTLY = timedelta(minutes=1)
#: For so long it is waited for what was asked for, and looked every so many seconds.
PATIENCE, EVERY = timedelta(minutes=1), 1.0
HELD = (
    "Nothing goes out to partners since a backup was restored. Who runs the server can lift that."
)


def can_inquire(link: IntegrationLink) -> bool:
    """Whether a webhook that we made stands for it."""
    hook = link.registered_hook
    return hook is not None and hook.state == "active" and not link.is_gone


class Inquiry(Work):
    """Looks whether the webhook stands, puts it right, and has sent again what did not arrive. A
    person asks, so everything that the partner still has is asked for, however often it was."""

    kind = "inquiry"
    words: ClassVar = {
        **{kind.value: (f"time, the webhook {kind.label}",) * 2 for kind in Kind},
        "asked": ("delivery was asked for again", "deliveries were asked for again"),
        "came": ("of them came", "of them came"),
    }

    @classmethod
    def begin(cls, link: IntegrationLink, *, user: User | None) -> Job:
        """The one that is at it for this link, or was a moment ago, or a new one."""
        lately = models.Q(state="due") | models.Q(created_at__gt=timezone.now() - RECENTLY)
        same = Job.objects.filter(lately, kind=cls.kind, link=link).order_by("-pk")
        return same.first() or Job.begin(cls.kind, team=link.team, link=link, user=user)

    @property
    def title(self) -> str:
        return f"Asking {self.job.link.integration.name} about {self.job.link.short_name}"

    def fetch(self) -> Step:
        hook, known = self._hook(), self.job.cursor
        if not known:
            return self._look_at(hook)
        return self._ask_again(hook, known) if known["left"] else self._see(hook, known)

    def _hook(self) -> RegisteredHook:
        if OutgoingHold.standing():
            raise Never(HELD)
        if not can_inquire(self.job.link):
            raise Never(f"No webhook that we made stands for {self.job.link}.")
        hook: RegisteredHook = self.job.link.registered_hook
        return hook

    def _look_at(self, hook: RegisteredHook) -> Step:
        look = _look(hook)
        results = Counter(kind.value for kind in look.repaired)
        if not isinstance(hook.integration, Redelivers):
            return Step(None, done=1, results=results)
        since = timezone.now() - hook.integration.keeps
        try:
            client = look.account.client()
            lost = gaps.lost_since(since, hook, hook.integration, client)
        except Never:
            return Step(None, done=1, results=results)
        return Step({"since": since.isoformat(), **_told(lost)}, done=1, results=results)

    def _ask_again(self, hook: RegisteredHook, known: dict[str, Any]) -> Step:
        portion, rest = known["left"][: gaps.PORTION], known["left"][gaps.PORTION :]
        hook.by_any_hand(lambda account: _redeliver(hook, account, portion))
        until = (timezone.now() + PATIENCE).isoformat()
        return Step({**known, "left": rest, "until": until}, results=Counter(asked=len(portion)))

    def _see(self, hook: RegisteredHook, known: dict[str, Any]) -> Step:
        """Ends once everything is here and processed, or does not seem to come."""
        keys = known["keys"]
        here = gaps.came(hook, keys).exclude(state="due").count()
        if here < len(keys) and timezone.now() < datetime.fromisoformat(known["until"]):
            raise Again(f"{hook.integration.name} is sending again what did not come.", after=EVERY)
        return Step(None, results=Counter(came=here))

    def apply(self, fetched: Step) -> Step:
        return fetched


def _look(hook: RegisteredHook) -> Look:
    try:
        return reconciling.look_at(hook)
    except Never as problem:
        reconciling.tell(hook, problem)
        raise


def _told(lost: Sequence[FailedDelivery]) -> dict[str, Any]:
    """What a job keeps of them."""
    times = sorted(each.at for each in lost)
    return {
        "left": [[each.remote_id, each.key, each.at.isoformat()] for each in lost],
        "keys": [each.key for each in lost],
        "tries": sum(each.tries for each in lost),
        "between": [at.isoformat() for at in (*times[:1], *times[-1:])],
    }


def _redeliver(
    hook: RegisteredHook, account: IntegrationUser, portion: Sequence[Sequence[str]]
) -> None:
    integration, client = cast(Redelivers, hook.integration), account.client()
    for remote_id, key, at in portion:
        delivery = FailedDelivery(remote_id, key, datetime.fromisoformat(at))
        integration.redeliver(client, hook.subject, remote_id=hook.remote_id, delivery=delivery)
