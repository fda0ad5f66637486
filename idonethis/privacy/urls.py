from __future__ import annotations

from django.urls import path

from idonethis.privacy import views

urlpatterns = [
    path("settings/data", views.my_data, name="my_data"),
    path("settings/data/export", views.export_my_data, name="export_my_data"),
    path("settings/data/delete", views.delete_me, name="delete_me"),
]
