from __future__ import annotations

from django.urls import path

from idonethis.feeds import views

urlpatterns = [
    path("settings/feeds", views.my_feeds, name="my_feeds"),
    path("settings/feeds/make", views.make_feed, name="make_feed"),
    path("settings/feeds/<slug:hash_id>/rotate", views.rotate_feed, name="rotate_feed"),
    path("settings/feeds/<slug:hash_id>/withdraw", views.withdraw_feed, name="withdraw_feed"),
    path("feeds/<str:token>/calendar.ics", views.read_calendar, name="read_calendar"),
    path("feeds/<str:token>/atom.xml", views.read_atom, name="read_atom"),
]
