from __future__ import annotations

from django.urls import path

from idonethis.accounts import views
from idonethis.accounts.oauth import views as oauth

urlpatterns = [
    path("settings", views.user_settings, name="user_settings"),
    path("settings/connections", views.my_connections, name="my_connections"),
    path("settings/tokens", views.my_tokens, name="my_tokens"),
    path("settings/tokens/<slug:hash_id>/revoke", views.revoke_token, name="revoke_token"),
    path(".well-known/oauth-authorization-server", oauth.described, name="oauth_described"),
    path("oauth/authorize", oauth.authorize, name="authorize"),
    path("oauth/token", oauth.token, name="oauth_token"),
    path("oauth/revoke", oauth.revoke, name="oauth_revoke"),
    path("oauth/device", oauth.ask_for_device, name="oauth_device"),
    path("device", oauth.device, name="device"),
]
