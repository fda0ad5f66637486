from __future__ import annotations

from django.urls import path

from idonethis.assistants import views

WELL_KNOWN = ".well-known/oauth-protected-resource"

urlpatterns = [
    path("mcp", views.mcp, name="mcp"),
    path(f"{WELL_KNOWN}/mcp", views.described, name="mcp_described"),
    path(WELL_KNOWN, views.described, name="mcp_described_at_root"),
]
