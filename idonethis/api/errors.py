"""Every refusal is one sentence under ``error``, whatever went wrong."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError


class Problem(Schema):
    error: str


#: How calls may be refused, for their description.
REFUSED = dict.fromkeys((400, 401, 403, 404, 422, 429), Problem)


def tell_errors(api: NinjaAPI) -> None:
    def told(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
        return api.create_response(request, {"error": sentence}, status=status)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, problem: AuthenticationError) -> HttpResponse:
        return told(request, "Invalid API Authentication", 401)

    @api.exception_handler(Throttled)
    def too_often(request: HttpRequest, problem: Throttled) -> HttpResponse:
        sentence = "That was too often. Nothing was done. Retry-After says when to ask again."
        return told(request, sentence, problem.status_code)

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, problem: HttpError) -> HttpResponse:
        return told(request, str(problem), problem.status_code)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, problem: Http404) -> HttpResponse:
        return told(request, str(problem), 404)

    @api.exception_handler(ValidationError)
    def unfit(request: HttpRequest, problem: ValidationError) -> HttpResponse:
        return told(request, " ".join(_sentences(problem)), 422)


def _sentences(problem: ValidationError) -> Iterator[str]:
    for error in problem.errors:
        said = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
        yield f"{error['loc'][-1]}: {said}."
