from __future__ import annotations

from django.urls import path

from idonethis.administration import applications, views

ONE = "administration/people/<slug:hash_id>"
APP = "administration/applications/<slug:hash_id>"

urlpatterns = [
    path("administration", views.administration, name="administration"),
    path("administration/resume", views.resume_outgoing, name="resume_outgoing"),
    path("administration/people", views.people, name="people"),
    path(ONE, views.person, name="person"),
    path(f"{ONE}/deactivate", views.deactivate_person, name="deactivate_person"),
    path(f"{ONE}/reactivate", views.reactivate_person, name="reactivate_person"),
    path(f"{ONE}/administer", views.make_administrator, name="make_administrator"),
    path(f"{ONE}/administer/end", views.end_administration, name="end_administration"),
    path(f"{ONE}/delete", views.delete_person, name="delete_person"),
    path("administration/applications", applications.applications, name="applications"),
    path(f"{APP}/secret", applications.renew_application, name="renew_application"),
    path(f"{APP}/remove", applications.remove_application, name="remove_application"),
    path("administration/changes", views.changes, name="changes"),
    path("t/<slug:slug>/changes", views.team_changes, name="team_changes"),
]
