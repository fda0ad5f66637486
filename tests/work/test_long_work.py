"""Long work on the pages and in the terminal: what is planned, how far it is, what came of it."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from idonethis.commands import idonethis
from idonethis.entries.models import Entry
from idonethis.integrations.http import Again
from idonethis.integrations.models import IntegrationUser, Job, Receipt
from idonethis.integrations.tests.coming import standing, work_off
from idonethis.integrations.tests.web.conftest import casts

pytestmark = pytest.mark.django_db


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def figures(page):
    """What the page counts, by its words."""
    found = re.findall(r'<strong class="num">(\d+)</strong> ([^<]+)', page)
    return {words.strip(): int(count) for count, words in found}


def run(*words):
    done = CliRunner().invoke(idonethis, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout) if "--json" in words else done.stdout


def the_job():
    return Job.objects.latest("pk")


def page_of(browser, job=None):
    return shown(browser.get((job or the_job()).get_absolute_url()))


@pytest.fixture
def past(world):
    """Twelve castings, one of them by somebody whom nobody knows."""
    ago = timezone.now() - timedelta(days=3)
    world.castings = [
        {"body": f"Cast gear {n}", "id": f"c{n}", "who": "1815", "login": "", "at": f"{ago:%FT%TZ}"}
        for n in range(12)
    ]
    world.castings[11] |= {"who": "4711", "login": "stoker"}
    return world.castings


@pytest.fixture
def grace_known(link, grace):
    return lambda: IntegrationUser.objects.create(
        integration_type="foundry", uid="1906", user=grace
    )


# The past.


def test_the_link_offers_its_past_first_as_a_plan(as_ada, link, past):
    assert f'href="/links/{link.hash_id}/past"' in shown(as_ada.get(link.get_absolute_url()))
    page = shown(as_ada.get(f"/links/{link.hash_id}/past"))
    assert (
        "The last 7 days" in page
        and "The last 90 days" in page
        and "What it would bring" not in page
    )
    page = shown(as_ada.post(f"/links/{link.hash_id}/past", {"days": "14"}))
    assert "12</span> things of the last 14 days" in page
    assert figures(page) == {"entries made": 11, "thing makes no entry": 1}
    assert "Cast gear 0" in page and "Nobody in this team is known as stoker." in page
    assert not Entry.objects.exists() and not Job.objects.exists()


def test_an_import_shows_how_far_it_is_and_what_came_of_it(as_ada, as_grace, link, past):
    begun = as_ada.post(f"/links/{link.hash_id}/past", {"days": "14", "begin": "1"}, follow=True)
    page = shown(begun)
    assert "Import of ada/engine, last 14 days" in page and "You can leave this page" in page
    Job.drain()
    page = page_of(as_grace)
    assert 'max="12" value="5"' in page and "every 1s" in page and "Stop</button>" not in page
    work_off()
    page = page_of(as_ada)
    assert "every 1s" not in page and 'All <span class="num">12</span> were looked at.' in page
    assert figures(page) == {"entries made": 11, "thing makes no entry": 1}
    assert "1</span> by people whom nobody here knows yet" in page
    assert 'href="/t/analytical-engines/unclaimed"' in page
    log = shown(as_grace.get("/t/analytical-engines"))
    assert log.count("imported") == 11
    entry = Entry.objects.first()
    assert "· imported" in shown(as_ada.get(entry.get_absolute_url()))


def test_htmx_gets_the_state_alone(as_ada, link, past):
    as_ada.post(f"/links/{link.hash_id}/past", {"days": "14", "begin": "1"})
    response = as_ada.get(the_job().get_absolute_url(), headers={"HX-Request": "true"})
    assert "Under way" in shown(response) and "<html" not in shown(response)
    assert "HX-Request" in response["Vary"]


def test_why_it_waits_is_said_with_the_time(as_ada, link, past, foundry, monkeypatch):
    as_ada.post(f"/links/{link.hash_id}/past", {"days": "14", "begin": "1"})
    with monkeypatch.context() as meanwhile:
        limit = Again("The foundry lets us ask no more.", after=3600)
        meanwhile.setattr(foundry, "past", raising(limit))
        Job.drain()
    page = page_of(as_ada)
    at = timezone.localtime(the_job().waits_until)
    assert "The foundry lets us ask no more. It goes on at" in page and f"{at:%H:%M}</time>" in page
    assert "Waiting" in shown(as_ada.get(link.get_absolute_url()))


def raising(problem):
    def fail(*arguments, **more):
        raise problem

    return fail


def test_a_partner_that_does_not_answer_spoils_no_plan(as_ada, link, past, world):
    world.out = 503
    page = shown(as_ada.post(f"/links/{link.hash_id}/past", {"days": "14"}))
    assert "answered 503." in page and "Nothing was imported." in page


def test_an_import_is_stopped_and_goes_on(as_ada, as_grace, link, past):
    as_ada.post(f"/links/{link.hash_id}/past", {"days": "14", "begin": "1"})
    Job.drain()
    path = the_job().get_absolute_url()
    assert as_grace.post(f"{path}/stop").status_code == 403
    page = shown(as_ada.post(f"{path}/stop", follow=True))
    assert 'stopped after <span class="num">5</span> of <span class="num">12</span>' in page
    work_off()
    assert Entry.objects.count() == 5
    assert "goes on where it stopped" in shown(as_ada.post(f"{path}/continue", follow=True))
    work_off()
    assert Entry.objects.count() == 11


def test_an_import_is_undone_and_says_what_was_kept(as_ada, link, past):
    as_ada.post(f"/links/{link.hash_id}/past", {"days": "14", "begin": "1"})
    work_off()
    Entry.objects.first().edit(kind="done", body="Cast it myself")
    page = page_of(as_ada)
    assert "Undo this import" in page and "11</span> entries" in page
    as_ada.post(f"{the_job().get_absolute_url()}/undo")
    work_off()
    page = page_of(as_ada)
    assert "Undo of: Import of ada/engine, last 14 days" in page
    assert figures(page) == {"entries removed": 10, "changed entry kept": 1}
    assert standing() == ["Cast it myself"]


def test_nothing_to_undo_is_said(as_ada, link):
    casts(link)
    as_ada.post(f"/links/{link.hash_id}/replay", {"begin": "1"})
    work_off()
    assert "Undo this import" not in page_of(as_ada)
    page = shown(as_ada.post(f"{the_job().get_absolute_url()}/undo", follow=True))
    assert "There is nothing to undo. Nothing was changed." in page
    assert Job.objects.count() == 1


def test_a_link_that_tells_no_past_offers_none(as_ada, link):
    link.integration_user = None
    link.save()
    assert "Import the past" not in shown(as_ada.get(link.get_absolute_url()))
    assert as_ada.get(f"/links/{link.hash_id}/past").status_code == 404


# Reading again.


def test_a_plan_of_reading_again_shows_what_would_change(as_ada, link, grace_known):
    casts(link, key="1", body="Cast a gear")
    casts(link, "1906", key="2", body="Cast an axle", login="grace-h")
    grace_known()
    page = shown(as_ada.get(f"/links/{link.hash_id}/replay"))
    assert "Logged: 1" in page and "Unmatched: 1" in page and "What would become of it" not in page
    page = shown(as_ada.post(f"/links/{link.hash_id}/replay", {"outcomes": ["no_person"]}))
    assert "1</span> event would be read again." in page and "Cast an axle" in page
    assert figures(page) == {"entry made": 1}
    page = shown(as_ada.post(f"/links/{link.hash_id}/replay"))
    assert figures(page) == {"entry made": 1, "entry was there already": 1}
    assert standing() == ["Cast a gear"]

    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    casts(link, key="3", body="Cast a rod")
    begun = as_ada.post(f"/links/{link.hash_id}/replay", {**hidden, "begin": "1"})
    work_off()
    assert figures(shown(as_ada.get(begun["Location"]))) == figures(page)
    assert standing() == ["Cast a gear", "Cast a rod", "Cast an axle"]


def test_the_page_and_the_command_give_the_same_figures(as_ada, link, grace_known, past):
    for number in range(3):
        casts(link, "1906", key=f"{number}", body=f"Cast axle {number}", login="grace-h")
    casts(link, key="gear")
    grace_known()
    page = figures(shown(as_ada.post(f"/links/{link.hash_id}/replay")))
    told = run("replay", "--link", link.hash_id, "--plan", "--json")
    assert page == {"entries made": 3, "entry was there already": 1}
    assert told["results"] == {"new": 3, "same": 1} and told["changes"] == 3
    assert told["by_outcome"] == {"created": 1, "no_person": 3}
    done = run("replay", "--link", link.hash_id, "--json")
    assert done["results"] == told["results"] and done["state"] == "done"
    assert figures(page_of(as_ada)) == page
    assert run("replay", "--link", link.hash_id, "--plan", "--json")["changes"] == 0

    page = figures(shown(as_ada.post(f"/links/{link.hash_id}/past", {"days": "30"})))
    told = run("backfill", link.hash_id, "--days", "30", "--plan", "--json")
    assert page == {"entries made": 11, "thing makes no entry": 1}
    assert told["results"] == {"new": 11, "nothing": 1} and told["total"] == 12
    done = run("backfill", link.hash_id, "--days", "30", "--json")
    assert done["results"] == told["results"] and done["done"] == done["total"] == 12
    assert figures(page_of(as_ada)) == page


def test_a_team_is_read_again_by_its_admins(as_ada, as_grace, link):
    casts(link)
    assert 'href="/t/analytical-engines/replay"' in shown(
        as_ada.get(f"/links/{link.hash_id}/replay")
    )
    assert as_grace.get("/t/analytical-engines/replay").status_code == 403
    link.remove()
    page = shown(as_ada.get("/t/analytical-engines/replay"))
    assert "came by links that were removed, and cannot be read again" in page
    page = shown(as_ada.post("/t/analytical-engines/replay"))
    assert "Nothing that came in fits what you asked for." in page


def test_what_is_asked_wrongly_is_told(as_ada, link):
    asked = {"since": "yesterday", "event": "none.such"}
    response = as_ada.post(f"/links/{link.hash_id}/replay", asked)
    assert response.status_code == 422 and "Enter a valid date/time." in shown(response)


def test_a_moment_is_one_in_the_time_zone_of_the_person(as_ada, ada, link):
    casts(link)
    ada.time_zone = "Asia/Tokyo"
    ada.save()
    Receipt.objects.update(received_at="2026-11-20T12:00:00+00:00")
    path = f"/links/{link.hash_id}/replay"
    assert "1</span> event" in shown(as_ada.post(path, {"since": "2026-11-20T20:59"}))
    assert "Nothing that came in" in shown(as_ada.post(path, {"since": "2026-11-20T21:01"}))


def test_another_team_sees_nothing_of_it(as_mallory, link, past, as_ada):
    as_ada.post(f"/links/{link.hash_id}/past", {"days": "14", "begin": "1"})
    path = the_job().get_absolute_url()
    assert as_mallory.get(path).status_code == 404
    assert as_mallory.post(f"{path}/stop").status_code == 404
    assert the_job().is_running


# On the command line.


def test_a_command_refuses_what_was_removed(link, as_ada):
    link.remove()
    done = CliRunner().invoke(idonethis, ["replay", "--link", link.hash_id])
    assert done.exit_code == 1 and "was removed. Nothing was changed." in done.output


def test_a_command_tells_a_person(link, grace_known, past):
    casts(link, "1906", key="axle", body="Cast an axle", login="grace-h")
    grace_known()
    assert "1 would be read again. 1 entry made." in run("replay", "--person", "grace", "--plan")
    assert "1 looked at. 1 entry made." in run("replay", "--outcome", "no_person")
    said = run("backfill", link.hash_id, "--days", "7")
    assert "12 looked at. 11 entries made, 1 thing makes no entry." in said


def test_a_command_says_why_nothing_can_be_imported(link):
    link.pause()
    done = CliRunner().invoke(idonethis, ["backfill", link.hash_id])
    assert done.exit_code == 1 and "ada/engine is paused. Nothing was imported." in done.output
