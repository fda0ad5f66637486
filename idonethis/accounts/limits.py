"""How often somebody may try what could be guessed, or ask what takes long to answer. Counted in
memory, per address of the visitor or per person.

allauth counts sign-ins and password resets by itself; what is ours is counted in the same way.
https://docs.allauth.org/en/latest/common/rate_limits.html"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from idonethis.accounts.models import User

View = Callable[..., HttpResponse]

#: Under this name allauth looks for rates.
APP = "allauth.account"
#: After how many seconds somebody who tried too often is told to come back.
WAIT = 60
#: How a view says that a link is no link of ours.
WRONG = (400, 404)


def too_often(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(render_to_string("429.html"), status=429, headers={"Retry-After": WAIT})


def guessable(view: View) -> View:
    """For pages behind a link that nobody can guess: who keeps trying wrong ones is not answered
    any more, not even with the right one. Right ones count for nothing."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _counted(request, "guess", dry_run=True):
            return too_often(request)
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            _counted(request, "guess")
            raise
        if response.status_code in WRONG:
            _counted(request, "guess")
        return response

    return limited


def at_most(action: str) -> Callable[[View], View]:
    """For what makes a row for anybody who asks."""

    def limiting(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not _counted(request, action):
                return too_often(request)
            return view(request, *args, **kwargs)

        return limited

    return limiting


#: For a form that makes an account.
signs_up = at_most("signup")


def asks(request: HttpRequest, user: User, action: str = "ask") -> bool:
    """Counts a question of this person that takes long to answer; whether it is to be answered."""
    return _counted(request, action, user=user)


@dataclass(frozen=True)
class Pace:
    """How far somebody has come with what they may do in ``within`` seconds. ``waits``: so many
    seconds until one more is free."""

    most: int
    within: int
    left: int
    waits: int
    allowed: bool

    @property
    def refusal(self) -> str:
        """What a program is told that may not go on just now."""
        return f"That was too often. Nothing was done. Ask again in {self.waits} seconds."


def pace(request: HttpRequest, user: User, action: str) -> Pace | None:
    """Counts one more of this person; nothing where the action has no rate."""
    rates = ratelimit.get_rates(app=APP, action=action)
    if not rates:
        return None
    allowed = _counted(request, action, user=user)
    key = ratelimit.get_cache_key(request, app=APP, action=action, rate=rates[0], user=user)
    history = cache.get(key, [])
    most, within = rates[0].amount, int(rates[0].duration)
    waits = math.ceil(history[-1] + within - time.time()) if history else within
    return Pace(most, within, max(most - len(history), 0), max(waits, 1), allowed)


def _counted(
    request: HttpRequest, action: str, *, dry_run: bool = False, user: User | None = None
) -> bool:
    """Whether it is not yet too often; the rates stand in ``ACCOUNT_RATE_LIMITS``."""
    usage = ratelimit.consume(
        request, app=APP, action=action, dry_run=dry_run, limit_get=True, user=user
    )
    return usage is not None
