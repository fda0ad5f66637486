from __future__ import annotations

from django.urls import path

from idonethis.porting import views

TEAM = "t/<slug:slug>"

urlpatterns = [
    path(f"{TEAM}/moving", views.moving, name="moving"),
    path(f"{TEAM}/moving/file", views.new_upload, name="new_upload"),
    path(f"{TEAM}/moving/server", views.new_collection, name="new_collection"),
    path(f"{TEAM}/moving/export", views.export_team, name="export_team"),
    path(f"{TEAM}/uploads/<slug:hash_id>", views.upload, name="upload"),
]
