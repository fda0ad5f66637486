from __future__ import annotations

from django.urls import path

from idonethis.integrations.views import (
    catalogue,
    changing,
    choosing,
    claiming,
    connecting,
    jobs,
    link,
    linking,
    match,
    partner_setup,
    past,
    preview,
    removing,
    replaying,
    storm,
    unclaimed,
)
from idonethis.integrations.views.hook import hook

ONE = "integrations/<slug:integration_type>"
TEAM = "t/<slug:slug>/unclaimed"

urlpatterns = [
    path("integrations", catalogue.catalogue, name="catalogue"),
    path("integrations/claim/<str:signed>", claiming.claim_account, name="claim_account"),
    path(ONE, catalogue.integration, name="integration"),
    path(f"{ONE}/setup", partner_setup.partner_setup, name="partner_setup"),
    path(f"{ONE}/believe", partner_setup.believe_refusals, name="believe_refusals"),
    path(f"{ONE}/link", linking.link, name="new_link"),
    path(f"{ONE}/link/choices", choosing.choices, name="choices"),
    path(f"{ONE}/link/summary", choosing.link_summary, name="link_summary"),
    path(f"{ONE}/link/<slug:hash_id>", removing.destroy_link, name="destroy_link"),
    path(f"{ONE}/hook", hook, name="hook"),
    path(f"{ONE}/hook/<str:token>", hook, name="hook"),
    path("auth/<slug:integration_type>", connecting.oauth_start, name="oauth_start"),
    path("auth/<slug:integration_type>/callback", connecting.oauth_callback, name="oauth_callback"),
    path("links/<slug:hash_id>", link.link, name="link"),
    path("links/<slug:hash_id>/edit", changing.edit_link, name="edit_link"),
    path("links/<slug:hash_id>/preview", preview.link_preview, name="link_preview"),
    path("links/<slug:hash_id>/pause", changing.pause_link, name="pause_link"),
    path("links/<slug:hash_id>/resume", changing.resume_link, name="resume_link"),
    path("links/<slug:hash_id>/replay", replaying.replay_link, name="replay_link"),
    path("links/<slug:hash_id>/past", past.link_past, name="link_past"),
    path("links/<slug:hash_id>/storm", storm.release_storm, name="release_storm"),
    path("links/<slug:hash_id>/take", changing.take_link, name="take_link"),
    path("links/<slug:hash_id>/secret", changing.show_secret, name="show_secret"),
    path("links/<slug:hash_id>/secret/rotate", changing.rotate_secret, name="rotate_secret"),
    path("links/<slug:hash_id>/secret/end", changing.end_overlap, name="end_overlap"),
    path("jobs/<slug:hash_id>", jobs.job, name="job"),
    path("jobs/<slug:hash_id>/stop", jobs.stop_job, name="stop_job"),
    path("jobs/<slug:hash_id>/continue", jobs.continue_job, name="continue_job"),
    path("jobs/<slug:hash_id>/undo", jobs.undo_job, name="undo_job"),
    path("t/<slug:slug>/replay", replaying.replay_team, name="replay_team"),
    path("hooks/<slug:hash_id>/gone", removing.hook_is_gone, name="hook_is_gone"),
    path(TEAM, unclaimed.unclaimed, name="unclaimed"),
    path(f"{TEAM}/ignore-bots", unclaimed.ignore_bots, name="ignore_bots"),
    path(f"{TEAM}/matched/<int:account>", match.match, name="match"),
    path(f"{TEAM}/matched/<int:account>/wrong", match.mismatch, name="mismatch"),
    path(f"{TEAM}/<int:pk>/claim", unclaimed.claim, name="claim_unclaimed"),
    path(f"{TEAM}/<int:pk>/assign", unclaimed.assign, name="assign_unclaimed"),
    path(f"{TEAM}/<int:pk>/ignore", unclaimed.ignore, name="ignore_unclaimed"),
    path(f"{TEAM}/<int:pk>/heed", unclaimed.heed, name="heed_unclaimed"),
]
