from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from idonethis.accounts.limits import Pace
from idonethis.api.shown import HEADER

API = "/api/"
#: Where programs ask, and nobody looks at a page.
FOR_PROGRAMS = (API, "/mcp")
IN_ADDRESS = "api_token"
CALLS = "idonethis.api.urls"


class Ready:
    """Loads the calls for whoever asks first, in the thread of that request: Django would do it
    where it looks for the address, and hooks wait for that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API):
            import_module(CALLS)
        return self.get_response(request)


class ByToken:
    """No page of another site makes a browser send this header: what comes with it needs no token
    of a page of ours, and ``Session`` does not look at its cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API) and HEADER in request.headers:
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)


class InAddress:
    """Old clients send their token as ``?api_token=``. Where an operator lets them, it is taken for
    one in the header, and nobody finds it in the address any more, so that it gets into no log of
    ours and into no link to a next page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.API_TOKEN_IN_ADDRESS and request.path.startswith(API):
            self._move(request.META)
        return self.get_response(request)

    def _move(self, meta: dict[str, str]) -> None:
        asked = QueryDict(meta.get("QUERY_STRING", ""), mutable=True)
        shown = asked.pop(IN_ADDRESS, [""])[-1]
        if shown:
            meta["QUERY_STRING"] = asked.urlencode()
            meta.setdefault("HTTP_AUTHORIZATION", f"Token {shown}")


#: What programs hear where people get a page, by its status.
SENTENCES = {
    400: "This cannot be read. Nothing was done.",
    403: "This came neither with a token, nor from a page of ours. Nothing was done.",
    404: "There is nothing at this address.",
    405: "This address is not asked in this way. Nothing was done.",
    413: "This is more than is taken at once. Nothing was done.",
}


class InWords:
    """Programs are told in JSON what is wrong, also where nothing of the API was even asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if request.path.startswith(FOR_PROGRAMS) and is_page and response.status_code >= 400:
            sentence = SENTENCES.get(response.status_code, "This failed, and not by your fault.")
            response.content = json.dumps({"error": sentence}).encode()
            response["Content-Type"] = "application/json; charset=utf-8"
        tell_pace(request, response)
        return response


def tell_pace(request: HttpRequest, response: HttpResponse) -> None:
    """What is left: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/"""
    found: Pace | None = getattr(request, "pace", None)
    if found:
        response["RateLimit-Policy"] = f'"calls";q={found.most};w={found.within}'
        response["RateLimit"] = f'"calls";r={found.left};t={found.waits}'
    if found and not found.allowed:
        response["Retry-After"] = str(found.waits)
