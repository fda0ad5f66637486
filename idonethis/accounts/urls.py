from __future__ import annotations

from django.urls import path

from idonethis.accounts import views

urlpatterns = [
    path("settings", views.user_settings, name="user_settings"),
    path("settings/connections", views.my_connections, name="my_connections"),
    path("settings/tokens", views.my_tokens, name="my_tokens"),
    path("settings/tokens/<slug:hash_id>/revoke", views.revoke_token, name="revoke_token"),
]
