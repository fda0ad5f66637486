from __future__ import annotations

from django.urls import path

from idonethis.mailing import views

urlpatterns = [
    path("settings/mails", views.my_mails, name="my_mails"),
    path("t/<slug:slug>/mails", views.mails, name="mails"),
    path("mails/stop/<str:token>", views.stop_mails, name="stop_mails"),
    path("mails/<slug:kind>/<slug:slug>", views.mail, name="mail"),
    path("mails/<slug:kind>/<slug:slug>/html", views.mail_html, name="mail_html"),
]
