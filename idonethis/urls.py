from __future__ import annotations

from django.urls import include, path

from idonethis import api

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
    path("api/v2/", api.urls),
    path("", include("idonethis.assistants.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("idonethis.ui.urls")),
]

handler400 = "idonethis.ui.views.bad_request"
handler429 = "idonethis.accounts.limits.too_often"
