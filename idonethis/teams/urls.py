from __future__ import annotations

from django.urls import path

from idonethis.teams.views import joining, people, settings

urlpatterns = [
    path("setup/<str:token>", joining.setup, name="setup"),
    path("join/<str:token>", joining.invitation, name="invitation"),
    path("teams/new", settings.new_team, name="new_team"),
    path("t/<slug:slug>/settings", settings.team_settings, name="team_settings"),
    path("t/<slug:slug>/delete", settings.delete_team, name="delete_team"),
    path("t/<slug:slug>/integrations", settings.team_integrations, name="team_integrations"),
    path("t/<slug:slug>/people", people.team_members, name="team_members"),
    path("t/<slug:slug>/invitations", people.invite, name="invite"),
    path("t/<slug:slug>/invitations/<int:pk>/withdraw", people.withdraw, name="withdraw"),
    path("t/<slug:slug>/invitations/<int:pk>/restore", people.restore, name="restore_invitation"),
    path("t/<slug:slug>/people/<slug:user_id>/role", people.change_role, name="change_role"),
    path("t/<slug:slug>/people/<slug:user_id>/remove", people.remove_member, name="remove_member"),
]
