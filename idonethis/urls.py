from __future__ import annotations

from django.urls import URLResolver, include, path
from django.urls.resolvers import RoutePattern


class Later(URLResolver):
    """Addresses of which no page asks one by its name, so that they need not be loaded to find the
    names of the others; whoever asks for one, or checks all, loads them."""

    def _populate(self) -> None:
        """Names of its own are found by its namespace."""


API = RoutePattern("api/v2/", is_endpoint=False)

urlpatterns = [
    path("", include("idonethis.accounts.urls")),
    path("", include("idonethis.teams.urls")),
    path("", include("idonethis.entries.urls")),
    path("", include("idonethis.integrations.urls")),
    path("", include("idonethis.mailing.urls")),
    path("", include("idonethis.feeds.urls")),
    path("", include("idonethis.porting.urls")),
    path("", include("idonethis.privacy.urls")),
    path("", include("idonethis.administration.urls")),
    Later(API, "idonethis.api.urls", app_name="ninja", namespace="api"),
    path("", include("idonethis.assistants.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("idonethis.ui.urls")),
]

handler400 = "idonethis.ui.views.bad_request"
handler429 = "idonethis.accounts.limits.too_often"
