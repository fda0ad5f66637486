"""Every page and button of the app, tried by everybody: who gets what, and that reading never
writes. A route that is not in the table fails the last test."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from django.db import connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from idonethis.accounts.models import User
from idonethis.entries.drafts import Actor, Draft
from idonethis.entries.models import Entry
from idonethis.integrations import urls
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    IntegrationUser,
    Job,
    Proving,
    Receipt,
    Replay,
    UnclaimedPerson,
)
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.tests.web.conftest import casts, connect, create
from idonethis.teams.models import Membership

pytestmark = pytest.mark.django_db

PEOPLE = ("anonymous", "outsider", "observer", "member", "admin")
#: What each of them gets: ok, to (a redirect within the app), login, 403, 404, 405, 422, 400.
#: The admin made the link. "outsider" is in no team of theirs.
TABLE = {
    ("GET", "catalogue"): "login ok ok ok ok",
    ("POST", "catalogue"): "login 405 405 405 405",
    ("GET", "integration"): "login ok ok ok ok",
    ("POST", "integration"): "login 405 405 405 405",
    ("GET", "partner_setup"): "login 403 403 403 403",
    ("POST", "partner_setup"): "login 403 403 403 403",
    ("GET", "believe_refusals"): "login 405 405 405 405",
    ("POST", "believe_refusals"): "login 403 403 403 403",
    ("GET", "new_link"): "login ok ok ok ok",
    ("POST", "new_link"): "login ok ok ok 422",
    ("DELETE", "new_link"): "login 404 404 404 404",
    ("GET", "choices"): "login 404 404 404 404",
    ("POST", "choices"): "login 405 405 405 405",
    ("GET", "link_summary"): "login 405 405 405 405",
    ("POST", "link_summary"): "login ok ok ok ok",
    ("GET", "destroy_link"): "login 405 405 405 405",
    ("POST", "destroy_link"): "login 404 403 403 to",
    ("DELETE", "destroy_link"): "login 404 403 403 ok",
    ("GET", "oauth_start"): "login 405 405 405 405",
    ("POST", "oauth_start"): "login away away away away",
    ("GET", "introduce"): "login 405 405 405 405",
    ("POST", "introduce"): "login to to to to",
    ("GET", "oauth_callback"): "login 400 400 400 400",
    ("POST", "oauth_callback"): "login 405 405 405 405",
    ("GET", "link"): "login 404 ok ok ok",
    # A link of this kind picks nothing that could be shared.
    ("GET", "export_link"): "login 404 403 403 to",
    ("POST", "export_link"): "login 405 405 405 405",
    ("POST", "link"): "login 405 405 405 405",
    ("GET", "link_activity"): "login 404 ok ok ok",
    ("POST", "link_activity"): "login 405 405 405 405",
    ("GET", "team_activity"): "login 404 ok ok ok",
    ("POST", "team_activity"): "login 405 405 405 405",
    ("GET", "why"): "login ok ok ok ok",
    ("POST", "why"): "login 405 405 405 405",
    ("GET", "ask_partner"): "login 405 405 405 405",
    ("POST", "ask_partner"): "login 404 403 403 to",
    ("GET", "receipt"): "login 404 404 404 ok",
    ("POST", "receipt"): "login 405 405 405 405",
    ("GET", "delivery"): "login 404 404 404 ok",
    ("POST", "delivery"): "login 405 405 405 405",
    ("GET", "retry_delivery"): "login 405 405 405 405",
    ("POST", "retry_delivery"): "login 404 404 404 to",
    ("POST", "link_preview"): "login 404 403 403 422",
    ("GET", "edit_link"): "login 404 403 403 ok",
    ("POST", "edit_link"): "login 404 403 403 422",
    ("GET", "pause_link"): "login 405 405 405 405",
    ("POST", "pause_link"): "login 404 403 403 to",
    ("GET", "resume_link"): "login 405 405 405 405",
    ("POST", "resume_link"): "login 404 403 403 to",
    ("GET", "take_link"): "login 405 405 405 405",
    ("POST", "take_link"): "login 404 403 403 to",
    ("GET", "release_storm"): "login 405 405 405 405",
    ("POST", "release_storm"): "login 404 403 403 404",
    ("GET", "replay_link"): "login 404 403 403 ok",
    ("POST", "replay_link"): "login 404 403 403 ok",
    ("GET", "replay_team"): "login 404 403 403 ok",
    ("POST", "replay_team"): "login 404 403 403 ok",
    ("GET", "link_past"): "login 404 403 403 ok",
    ("POST", "link_past"): "login 404 403 403 422",
    ("GET", "job"): "login 404 ok ok ok",
    ("POST", "job"): "login 405 405 405 405",
    ("GET", "stop_job"): "login 405 405 405 405",
    ("POST", "stop_job"): "login 404 403 403 to",
    ("GET", "continue_job"): "login 405 405 405 405",
    ("POST", "continue_job"): "login 404 403 403 to",
    ("GET", "undo_job"): "login 405 405 405 405",
    ("POST", "undo_job"): "login 404 403 403 to",
    ("GET", "accept_suggestions"): "login 405 405 405 405",
    ("POST", "accept_suggestions"): "login 404 404 404 404",
    ("GET", "dismiss_suggestions"): "login 405 405 405 405",
    ("POST", "dismiss_suggestions"): "login 404 404 404 404",
    ("GET", "undo_suggestions"): "login 405 405 405 405",
    ("POST", "undo_suggestions"): "login 404 404 404 404",
    ("GET", "show_secret"): "login 405 405 405 405",
    ("POST", "show_secret"): "login 404 403 403 ok",
    ("GET", "take_secret"): "login 405 405 405 405",
    ("POST", "take_secret"): "login 404 403 403 to",
    ("GET", "rotate_secret"): "login 405 405 405 405",
    ("POST", "rotate_secret"): "login 404 403 403 to",
    ("GET", "end_overlap"): "login 405 405 405 405",
    ("POST", "end_overlap"): "login 404 403 403 to",
    ("GET", "hook_is_gone"): "login 405 405 405 405",
    ("POST", "hook_is_gone"): "login 404 404 404 404",
    ("GET", "unclaimed"): "login 404 ok ok ok",
    ("POST", "unclaimed"): "login 405 405 405 405",
    ("GET", "ignore_bots"): "login 405 405 405 405",
    ("POST", "ignore_bots"): "login 404 403 403 to",
    ("GET", "match"): "login 404 ok ok ok",
    ("POST", "match"): "login 405 405 405 405",
    ("GET", "mismatch"): "login 405 405 405 405",
    # The member is whose account it was said to be.
    ("POST", "mismatch"): "login 404 403 to to",
    ("GET", "preview_match"): "login 405 405 405 405",
    # Nobody is named.
    ("POST", "preview_match"): "login 404 404 404 404",
    ("GET", "claim_unclaimed"): "login 405 405 405 405",
    ("POST", "claim_unclaimed"): "login 404 403 to to",
    ("GET", "assign_unclaimed"): "login 405 405 405 405",
    ("POST", "assign_unclaimed"): "login 404 403 403 404",
    ("GET", "ignore_unclaimed"): "login 405 405 405 405",
    ("POST", "ignore_unclaimed"): "login 404 403 403 to",
    ("GET", "heed_unclaimed"): "login 405 405 405 405",
    ("POST", "heed_unclaimed"): "login 404 403 403 404",
    ("GET", "claim_account"): "login ok ok ok ok",
    ("POST", "claim_account"): "login to to to to",
}
#: Partners post there, with a signature instead of a session; see test_ingest.py.
NOT_FOR_PEOPLE = {"hook"}


@pytest.fixture
def paths(link, team, ada, grace):
    receipt = casts(link, "4711", login="stoker")
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    person = UnclaimedPerson.objects.get()
    matched = IntegrationUser.objects.create(
        integration_type="foundry", uid="1906", user=grace, team=team, evidence="assigned"
    )
    job = Replay.begin(Selection(link=link.hash_id), user=link.user)
    Job.objects.filter(pk=job.pk).update(hash_id=link.hash_id)
    signed = Proving("foundry").claim_url(Actor("0042", "babbage"))
    values = {
        "integration_type": "foundry",
        "hash_id": link.hash_id,
        "slug": "analytical-engines",
        "pk": str(person.pk),
        "account": str(matched.pk),
        "signed": signed.rpartition("/")[2],
        "receipt_id": str(receipt.pk),
        "delivery_id": str(Delivery.objects.get().pk),
    }
    return {
        route.name: "/" + re.sub(r"<\w+:(\w+)>", lambda m: values[m[1]], str(route.pattern))
        for route in urls.urlpatterns
        if route.name not in NOT_FOR_PEOPLE
    }


@pytest.fixture
def window(browsers, team):
    watcher = User.objects.create_user("watcher@example.org", "w", name="The Watcher")
    team.join(watcher, Membership.Role.OBSERVER)
    observer = Client()
    observer.force_login(watcher)
    people = {"outsider": browsers["mallory"], "member": browsers["grace"]}
    return {**people, "admin": browsers["ada"], "observer": observer, "anonymous": Client()}


def ends(response):
    if response.status_code == 302:
        there = response["Location"]
        away = "away" if there.startswith("http") else "to"
        return "login" if there.startswith("/accounts/login/") else away
    return "ok" if response.status_code in (200, 204) else str(response.status_code)


def test_everybody_gets_what_is_theirs(window, paths):
    found = {}
    for method, name in TABLE:
        asked = [ask(window[person], method, paths[name]) for person in PEOPLE]
        found[method, name] = " ".join(map(ends, asked))
    assert found == TABLE


def ask(browser, method, path):
    """What one does, the next finds undone."""
    with transaction.atomic():
        response = browser.generic(method, path)
        transaction.set_rollback(True)
    return response


UNSAFE = [(method, name) for method, name in TABLE if method != "GET"]


def test_nothing_is_done_for_another_page(paths, ada):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    before = everything()
    for method, name in UNSAFE:
        response = browser.generic(method, paths[name])
        assert response.status_code in (403, 405), name
        assert everything() == before, name


def everything():
    tables = (IntegrationLink, IntegrationUser, Job, UnclaimedPerson, Receipt, Delivery)
    return [list(table.objects.order_by("pk").values()) for table in tables]


READ = [name for method, name in TABLE if method == "GET"]
WRITES = re.compile(r"^(INSERT|UPDATE|DELETE|REPLACE)\b(?!.*django_session)", re.IGNORECASE)


@pytest.mark.parametrize("person", PEOPLE)
def test_reading_writes_nothing(window, paths, person):
    with ExitStack() as stack:
        watched = [
            stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections
        ]
        for name in READ:
            window[person].get(paths[name])
            window[person].head(paths[name])
    queries = [query["sql"] for each in watched for query in each.captured_queries]
    assert queries or person == "anonymous"
    assert [sql for sql in queries if WRITES.match(sql)] == []


def test_the_table_knows_every_route():
    names = {route.name for route in urls.urlpatterns} - NOT_FOR_PEOPLE
    assert {name for _, name in TABLE} == names


def test_a_made_link_stays_its_makers_in_their_own_team(as_mallory, as_ada, account, world, link):
    connect(as_mallory, world, who="1906")
    create(as_mallory, team="night-shift")
    theirs = IntegrationLink.objects.get(team__slug="night-shift")
    assert as_ada.get(f"/links/{theirs.hash_id}").status_code == 404
    assert as_ada.post(theirs.delete_path).status_code == 404
