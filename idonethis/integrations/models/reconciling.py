"""What we want to stand at a partner, compared with what stands there, and put right."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from idonethis.integrations.base import Redelivers, StandingHook
from idonethis.integrations.http import Again, NeedsPermission, NeedsReconnect, Never
from idonethis.integrations.models import gaps
from idonethis.integrations.models.checked import in_a_while, in_about_a_day
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.link_states import MEANS, TROUBLES, By, State
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.repair import Kind, Repair

log = logging.getLogger(__name__)

#: When to ask again a partner that does not answer.
WAIT = timedelta(minutes=15)


class Missing(NeedsPermission):
    """The webhook is gone, and we are not let make it again."""


def drain() -> int:
    """Looks after the webhooks whose time has come; returns how many."""
    hooks = RegisteredHook.objects.standing().take_for_check(3)
    for hook in hooks:
        at = _look_after(hook)
        RegisteredHook.objects.filter(pk=hook.pk).update(check_at=at)
    return len(hooks)


def _look_after(hook: RegisteredHook) -> datetime:
    """Returns when to look next."""
    try:
        return check(hook) or hook.next_check()
    except Again as problem:
        return in_a_while(max(WAIT, timedelta(seconds=problem.after or 0)))
    except Never as problem:
        tell(hook, problem)
    except Exception:
        log.exception("Looking after the webhook %s failed", hook.pk)
    return in_about_a_day()


def check(hook: RegisteredHook) -> datetime | None:
    """Puts the webhook right at the partner, or renews it, and has sent again what did not arrive.
    Returns when to look whether it came; None where nothing is missing. Raises Failed."""
    return _fill_gap(hook, look_at(hook).account)


@dataclass(frozen=True)
class Look:
    """Through which account a webhook was looked at, and what was put right there."""

    account: IntegrationUser
    repaired: tuple[Kind, ...] = ()


def look_at(hook: RegisteredHook) -> Look:
    """Puts the webhook right at the partner, or renews it. Raises Failed."""
    trouble, care = hook.trouble, _renew if hook.is_to_renew else _put_right
    look = hook.by_any_hand(lambda account: care(hook, account))
    _tell_of_recovery(hook, trouble)
    return look


def _fill_gap(hook: RegisteredHook, account: IntegrationUser) -> datetime | None:
    """A partner that does not show its deliveries says nothing about the webhook, which stands."""
    if not isinstance(hook.integration, Redelivers):
        return None
    try:
        return gaps.fill(hook, hook.integration, account.client())
    except Never as problem:
        log.info("What did not arrive by the webhook %s is not known: %s", hook.pk, problem)
        return None


def _renew(hook: RegisteredHook, account: IntegrationUser) -> Look:
    if not hook.has_run_out:
        _make(hook, account, is_missing=False)
        return Look(account)
    _make(hook, account, is_missing=True)
    hook.links.ask_soon()
    return _noted(hook, Look(account, (Kind.RUN_OUT,)))


def _put_right(hook: RegisteredHook, account: IntegrationUser) -> Look:
    standing = hook.integration.standing_hook(
        account.client(), hook.subject, url=hook.sends_to, remote_id=hook.remote_id
    )
    found = tuple(_drift(hook, standing))
    if found:
        _make(hook, account, is_missing=standing is None)
    elif standing:
        hook.found_as(standing.remote_id, account)
        hook.dismiss_former(account)
    return _noted(hook, Look(account, found))


def _noted(hook: RegisteredHook, look: Look) -> Look:
    for kind in look.repaired:
        Repair.objects.note(hook, kind)
    return look


def _drift(hook: RegisteredHook, standing: StandingHook | None) -> Iterator[Kind]:
    if standing is None:
        yield Kind.MADE_AGAIN
        return
    wanted = hook.integration.hook_events
    checks = {
        Kind.ADDRESS: standing.url == hook.sends_to,
        Kind.SWITCHED_ON: standing.active,
        Kind.EVENTS: not wanted or standing.events == wanted,
        Kind.SETTINGS: standing.sound,
        Kind.SECRET: not standing.is_refused,
    }
    yield from (kind for kind, is_right in checks.items() if not is_right)


def _make(hook: RegisteredHook, account: IntegrationUser, *, is_missing: bool) -> None:
    try:
        hook.create_at_partner(account)
    except NeedsReconnect:
        raise
    except Never as problem:
        raise (Missing(str(problem)) if is_missing else problem) from problem


STATES = MEANS | {Missing: State.REMOTE_MISSING}


def tell(hook: RegisteredHook, problem: Never) -> None:
    """Links that have other trouble keep theirs."""
    before, trouble = hook.trouble, str(problem)[:300]
    RegisteredHook.objects.filter(pk=hook.pk).update(trouble=trouble)
    state = STATES.get(type(problem), State.NEEDS_PERMISSION)
    for link in hook.links.standing():
        if link.carries or link.trouble in (before, trouble):
            link.move(state, by=By.PARTNER, trouble=trouble)


def _tell_of_recovery(hook: RegisteredHook, trouble: str) -> None:
    """What a check has found, a check takes back."""
    if trouble:
        RegisteredHook.objects.filter(pk=hook.pk).update(trouble="")
        for link in hook.links.filter(trouble=trouble, state__in=TROUBLES):
            link.go_on(by=By.PARTNER)
