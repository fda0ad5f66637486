from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from idonethis.accounts.requests import Request


def administrators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def ask(request: Request, *arguments: Any, **named: Any) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied("Only who administers this server may do this.")
        return view(request, *arguments, **named)

    asked: Callable[..., HttpResponse] = login_required(ask)
    return asked
