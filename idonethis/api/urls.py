"""Every call of the API, by its address. What describes and checks them takes as much memory as all
pages, and many servers have no programs, so it is loaded when the first of them is asked for."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from idonethis.api import activity, entries, hooks, standing, teams, why
from idonethis.api.authentication import ways
from idonethis.api.errors import tell_errors
from idonethis.api.limits import Patience

#: As ``path`` takes them: with the names that they have.
Addresses = tuple[list[URLResolver | URLPattern], str, str]

#: No page of documentation: it would be fetched from elsewhere.
api = NinjaAPI(
    title="I Done This",
    version="2",
    description="What a team got done, and what became of everything that partners sent. "
    "Calls that change something take their fields as JSON, as a form or in the address.",
    docs_url=None,
    docs_decorator=require_safe,
    auth=ways(),
    throttle=Patience(),
    urls_namespace="api",
)
api.add_router("", teams.router)
api.add_router("", entries.router)
api.add_router("", standing.router)
api.add_router("", why.router)
api.add_router("", activity.router)
api.add_router("", hooks.router)
tell_errors(api)


def guarded(patterns: Addresses) -> Addresses:
    """Ninja lets every site send to its views, and each way to sign in look whether that is right.
    Here it is right for none: what comes with a session is held to the rules of pages. Only what
    comes with a token is not, see ``ByToken``."""
    for each in patterns[0]:
        each.callback.csrf_exempt = False  # type: ignore[union-attr]
    return patterns


urlpatterns = guarded(api.urls)[0]
