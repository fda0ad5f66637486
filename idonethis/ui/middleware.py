from __future__ import annotations

from collections.abc import Callable

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_NAVIGATES = ("HX-Redirect", "HX-Location", "HX-Refresh")


class Toasts:
    """Adds the waiting messages to a piece of a page that htmx asked for; pages carry their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_piece(request, response) and (waiting := list(get_messages(request))):
            markup = render_to_string("components/toasts.html", {"messages": waiting}, request)
            response.write(markup)
        return response


def _is_piece(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.headers.get("HX-Request") == "true"
        and response.status_code in (200, 201, 422)
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and not any(header in response for header in _NAVIGATES)
    )
