from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib.messages import get_messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.csrf import csrf_failure
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.responders import StaticFile  # type: ignore[import-untyped]

from idonethis.keys import Sealed

log = logging.getLogger(__name__)

_NAVIGATES = ("HX-Redirect", "HX-Location", "HX-Refresh")
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
#: Where a browser says that a request comes from: a page of ours, or the person themselves.
_OURS = ("same-origin", "none")


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Sends a file whole. Ours are small, and an ASGI server would first collect the blocks of a
    streamed one anyway. https://docs.djangoproject.com/en/5.2/ref/request-response/#streaminghttpresponse-objects"""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        with found.file or BytesIO() as file:
            response = HttpResponse(file.read(), status=found.status)
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


class Sound:
    """Turns away what no page of ours would send, before a view looks at it; and says in words what
    a view cannot do without the key of an operator."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # No database of ours stores U+0000, and PostgreSQL does not even look for it.
        if "\0" in request.path:
            raise Http404("There is a NUL in the address.")
        if "%00" in request.META["QUERY_STRING"]:
            raise BadRequest("There is a NUL in the address.")
        if getattr(view, "csrf_exempt", False):
            return None
        if _is_from_elsewhere(request):
            return csrf_failure(request, reason="It was sent by a page of another site.")
        _drop_nul(request)
        return None

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """A secret that nothing opens any more is no failure that somebody may try again."""
        if not isinstance(problem, Sealed):
            return None
        log.error("%s", problem)
        return HttpResponse(render_to_string("sealed.html"), status=503)


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """What another site made a browser send must change nothing, even with a token. Browsers that
    do not say where it comes from are left to the token alone.
    https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site"""
    said = request.headers.get("Sec-Fetch-Site", "none")
    return request.method not in _SAFE and said not in _OURS


def _drop_nul(request: HttpRequest) -> None:
    """From what a form brings: nobody types it, but it can come along with what is pasted."""
    if any("\0" in value for values in dict(request.POST).values() for value in values):
        posted = request.POST.copy()
        for name, values in posted.lists():
            posted.setlist(name, [value.replace("\0", "") for value in values])
        request.POST = posted  # type: ignore[assignment]


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
