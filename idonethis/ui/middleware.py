from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.responders import StaticFile  # type: ignore[import-untyped]

_NAVIGATES = ("HX-Redirect", "HX-Location", "HX-Refresh")


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
