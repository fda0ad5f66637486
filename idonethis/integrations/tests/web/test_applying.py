"""What other rules would change in the log: shown beside the form, done once it is asked for."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session

from idonethis.entries.models import Entry
from idonethis.integrations.effects import SHOWN, effects
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Job, Receipt
from idonethis.integrations.tests.web.conftest import casts, create
from idonethis.integrations.values import Reason
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

CHOSEN = {"forge": "ada/engine", "metals": ["iron"]}


@pytest.fixture
def two(link, grace):
    """One casting of Ada's and one of Grace's."""
    IntegrationUser.objects.create(integration_type="foundry", uid="1906", user=grace)
    casts(link, "1815", key="1", body="Cast a gear")
    casts(link, "1906", key="2", body="Cast a wheel")


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def preview(browser, link, **rules):
    answer = browser.post(
        f"/links/{link.hash_id}/preview", CHOSEN | rules, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    return shown(answer)


def save(browser, link, **rules):
    answer = browser.post(f"/links/{link.hash_id}/edit", CHOSEN | rules, follow=True)
    work_off()
    return shown(answer)


def work_off():
    while Job.drain():
        pass


def of_note(page):
    """What the form of the note on the page of a link says."""
    note = page.partition("See what would change")[0].rpartition("<form")[2]
    return dict(re.findall(r'name="(after|upto)" value="(-?\d+)"', note))


def row_of(page, words):
    return next(row for row in page.split("<tr>") if words in row)


def log():
    return sorted(Entry.objects.alive().values_list("body", flat=True))


def everything():
    """Every row of every table, in both databases, but of the session of who looks."""
    tables = [table for table in apps.get_models() if table is not Session]
    return {table: list(table._base_manager.order_by("pk").values()) for table in tables}


# Looking.


def test_a_preview_says_of_each_event_what_the_rules_would_do_to_it(as_ada, link, two, grace):
    page = preview(as_ada, link, who="except", people=[grace.hash_id])
    assert "Stays" in row_of(page, "Cast a gear")
    assert "Would drop" in row_of(page, "Cast a wheel")
    assert "The rules leave out what Grace Hopper does." in row_of(page, "Cast a wheel")
    assert "1 would go from it, 1 stays." in page
    assert "by everybody in the team but Grace Hopper" in page


def test_it_says_what_would_come_in_by_other_rules(as_ada, link, two, grace):
    save(as_ada, link, who="except", people=[grace.hash_id], apply="1")
    assert log() == ["Cast a gear"]
    page = preview(as_ada, link)
    assert "Would add" in row_of(page, "Cast a wheel")


def test_a_preview_changes_nothing_and_calls_nobody(as_ada, link, two, grace, world):
    calls, before = len(world.posts), everything()
    for rules in ({"who": "only", "people": [grace.hash_id]}, {"how": "suggest"}, {}):
        preview(as_ada, link, **rules)
    assert everything() == before
    assert len(world.posts) == calls
    assert not Receipt.objects.filter(state="due").exists()


def test_looking_at_the_settings_alone_tries_nothing(as_ada, link, two, monkeypatch):
    monkeypatch.setattr("idonethis.integrations.captures.effects", None)
    page = shown(as_ada.get(f"/links/{link.hash_id}/edit"))
    assert "Cast a gear" in page and "Stays" not in page


def test_only_the_last_events_are_tried(link, ada):
    for number in range(SHOWN + 2):
        casts(link, key=str(number), body=f"Cast {number}")
    tried = [each.receipt.hook.json["body"] for each in effects(link, link.config)]
    assert tried == [f"Cast {number}" for number in reversed(range(2, SHOWN + 2))]


def test_what_an_event_cannot_be_read_for_is_said_and_the_others_are_tried(link, two, monkeypatch):
    read = type(link.integration).hook

    def stumbling(self, hook, at):
        if hook.json["id"] == "1":
            raise ZeroDivisionError
        return read(self, hook, at)

    monkeypatch.setattr(type(link.integration), "hook", stumbling)
    wheel, gear = effects(link, link.config)
    assert (wheel.word, gear.outcome.reason) == ("stay", Reason.FAILED)


def test_a_paused_link_is_tried_as_if_it_ran(as_ada, link, two, grace):
    link.pause()
    page = preview(as_ada, link, who="except", people=[grace.hash_id])
    assert "Would drop" in row_of(page, "Cast a wheel")


# Saving.


def test_saved_rules_hold_for_what_comes_and_leave_the_log_as_it_is(as_ada, link, two, grace):
    page = save(as_ada, link, who="except", people=[grace.hash_id])
    assert "1 of the last events would be something else in the log by these settings." in page
    assert log() == ["Cast a gear", "Cast a wheel"]
    casts(link, "1906", key="3", body="Cast a bell")
    assert log() == ["Cast a gear", "Cast a wheel"]
    assert Receipt.objects.latest("pk").why == (
        "Left out by the rule “by everybody in the team but Grace Hopper”."
    )


def test_they_change_the_log_once_that_is_asked_for(as_ada, link, two, grace):
    latest = of_note(save(as_ada, link, who="except", people=[grace.hash_id]))
    plan = shown(as_ada.post(f"/links/{link.hash_id}/replay", latest))
    assert '<strong class="num">1</strong> entry taken back' in plan
    assert log() == ["Cast a gear", "Cast a wheel"]
    page = shown(as_ada.post(f"/links/{link.hash_id}/replay", latest | {"begin": "1"}, follow=True))
    assert "Reading again what came in for ada/engine" in page
    work_off()
    assert Job.objects.get().results == {"taken_back": 1, "same": 1}
    assert log() == ["Cast a gear"]
    assert Receipt.objects.latest("pk").why.endswith("Its entry is gone.")


def test_or_in_the_same_breath_as_they_are_saved(as_ada, link, two, grace):
    page = save(as_ada, link, who="except", people=[grace.hash_id], apply="1")
    assert "Reading again what came in for ada/engine" in page
    assert log() == ["Cast a gear"]


def test_what_the_rules_do_not_touch_keeps_the_story_of_how_it_came(as_ada, link, two, grace):
    gear = Receipt.objects.earliest("pk")
    before = (gear.outcome, gear.why, gear.entry)
    save(as_ada, link, who="except", people=[grace.hash_id], apply="1")
    gear.refresh_from_db()
    assert (gear.outcome, gear.why, gear.entry) == before


def test_where_nothing_would_change_nothing_is_said_nor_read_again(as_ada, link, two):
    assert "would be something else" not in save(as_ada, link, metals=["iron", "brass"])
    save(as_ada, link, metals=["iron"], apply="1")
    assert not Job.objects.exists()


def test_a_paused_link_is_applied_once_it_runs(as_ada, link, two, grace):
    link.pause()
    page = save(as_ada, link, who="except", people=[grace.hash_id], apply="1")
    assert "The link is paused; resume it first." in page
    assert not Job.objects.exists()
    assert log() == ["Cast a gear", "Cast a wheel"]


@pytest.mark.parametrize("said", ["-1", "x", "9999", "1" * 5000, "²"])
def test_a_number_that_nobody_handed_out_is_not_believed(as_ada, link, said):
    page = shown(as_ada.get(f"/links/{link.hash_id}", {"differ": said}))
    assert "would be something else" not in page


# Rules that name people.


def test_a_rule_may_name_the_people_of_the_team_alone(as_ada, link, mallory):
    answer = as_ada.post(
        f"/links/{link.hash_id}/edit", CHOSEN | {"who": "only", "people": [mallory.hash_id]}
    )
    assert answer.status_code == 422
    assert "The rules name somebody who is not in Analytical Engines." in shown(answer)
    link.refresh_from_db()
    assert link.config["who"] == "everybody"


def test_the_form_offers_the_people_of_the_teams_one_may_choose(as_ada, account, ada, mallory):
    second = Team.objects.create(name="Difference Engines")
    second.join(ada)
    page = shown(as_ada.get("/integrations/foundry/link"))
    assert "Grace Hopper" in page and mallory.hash_id not in page
    assert "Difference Engines" in page.partition("These people")[2]


def test_a_link_says_its_rules_wherever_it_stands(as_ada, account, grace):
    create(as_ada, who="only", people=[grace.hash_id])
    link = IntegrationLink.objects.get()
    said = "Logs what comes in by Grace Hopper alone."
    assert link.rules_sentence == said
    for path in (link.get_absolute_url(), link.settings_path, f"/links/{link.hash_id}/edit"):
        assert said in shown(as_ada.get(path))


def test_the_sentence_of_a_new_link_follows_the_form(as_ada, account, grace):
    said = CHOSEN | {"team": "analytical-engines", "who": "except", "people": [grace.hash_id]}
    page = shown(as_ada.post("/integrations/foundry/link/summary", said))
    assert "Logs what comes in by everybody in the team but Grace Hopper." in page
