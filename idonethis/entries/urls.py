from __future__ import annotations

from django.urls import path

from idonethis.entries.views import entry, log, search, talk

urlpatterns = [
    path("", log.home, name="home"),
    path("me", log.my_log, name="my_log"),
    path("search", search.search, name="search"),
    path("t/<slug:slug>", log.team_log, name="team_log"),
    path("t/<slug:slug>/log", log.log, name="log"),
    path("t/<slug:slug>/newer", log.newer, name="newer"),
    path("e/<slug:hash_id>", entry.entry, name="entry"),
    path("e/<slug:hash_id>/edit", entry.edit_entry, name="edit_entry"),
    path("e/<slug:hash_id>/delete", entry.delete_entry, name="delete_entry"),
    path("e/<slug:hash_id>/restore", entry.restore_entry, name="restore_entry"),
    path("e/<slug:hash_id>/complete", entry.complete_entry, name="complete_entry"),
    path("e/<slug:hash_id>/reopen", entry.reopen_entry, name="reopen_entry"),
    path("e/<slug:hash_id>/like", talk.like, name="like"),
    path("e/<slug:hash_id>/comments", talk.comment, name="comment"),
    path(
        "e/<slug:hash_id>/comments/<slug:comment_id>/delete",
        talk.delete_comment,
        name="delete_comment",
    ),
]
