from __future__ import annotations

from django.urls import path

from idonethis.accounts import views

urlpatterns = [
    path("settings", views.user_settings, name="user_settings"),
    path("settings/connections", views.my_connections, name="my_connections"),
]
