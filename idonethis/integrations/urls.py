from __future__ import annotations

from django.urls import path

from idonethis.integrations.views.hook import hook

urlpatterns = [
    path("integrations/<slug:integration_type>/hook", hook, name="hook"),
    path("integrations/<slug:integration_type>/hook/<str:token>", hook, name="hook"),
]
