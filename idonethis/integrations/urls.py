from __future__ import annotations

from django.urls import path

from idonethis.integrations.views import connecting, link, linking, partners, unclaimed
from idonethis.integrations.views.hook import hook

urlpatterns = [
    path("integrations", partners.catalogue, name="catalogue"),
    path("integrations/claim/<str:signed>", connecting.claim_account, name="claim_account"),
    path("integrations/<slug:integration_type>", partners.integration, name="integration"),
    path(
        "integrations/<slug:integration_type>/setup", partners.partner_setup, name="partner_setup"
    ),
    path("auth/<slug:integration_type>", connecting.oauth_start, name="oauth_start"),
    path("auth/<slug:integration_type>/callback", connecting.oauth_callback, name="oauth_callback"),
    path("integrations/<slug:integration_type>/link", linking.link, name="new_link"),
    path("integrations/<slug:integration_type>/link/choices", linking.choices, name="choices"),
    path(
        "integrations/<slug:integration_type>/link/<slug:hash_id>",
        linking.destroy_link,
        name="destroy_link",
    ),
    path("integrations/<slug:integration_type>/hook", hook, name="hook"),
    path("integrations/<slug:integration_type>/hook/<str:token>", hook, name="hook"),
    path("links/<slug:hash_id>", link.link, name="link"),
    path("links/<slug:hash_id>/edit", link.edit_link, name="edit_link"),
    path("links/<slug:hash_id>/pause", link.pause_link, name="pause_link"),
    path("links/<slug:hash_id>/resume", link.resume_link, name="resume_link"),
    path("links/<slug:hash_id>/secret", link.show_secret, name="show_secret"),
    path("links/<slug:hash_id>/secret/rotate", link.rotate_secret, name="rotate_secret"),
    path("t/<slug:slug>/unclaimed", unclaimed.unclaimed, name="unclaimed"),
    path("t/<slug:slug>/unclaimed/<int:pk>/claim", unclaimed.claim, name="claim_unclaimed"),
    path("t/<slug:slug>/unclaimed/<int:pk>/assign", unclaimed.assign, name="assign_unclaimed"),
    path("t/<slug:slug>/unclaimed/<int:pk>/ignore", unclaimed.ignore, name="ignore_unclaimed"),
]
