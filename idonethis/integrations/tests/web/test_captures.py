"""What has come in, beside the settings of a link: shown as it would become, changing nothing."""

from __future__ import annotations

import re

import pytest

from idonethis.entries.models import Entry
from idonethis.integrations import showing
from idonethis.integrations.models import UnclaimedPerson
from idonethis.integrations.tests.web.conftest import casts
from idonethis.integrations.values import Hook
from idonethis.teams.models import Membership

pytestmark = pytest.mark.django_db


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def settings_of(browser, link):
    return shown(browser.get(f"/links/{link.hash_id}/edit"))


def preview(browser, link, *, live=True, **fields):
    headers = {"HX-Request": "true"} if live else {}
    return browser.post(f"/links/{link.hash_id}/preview", fields, headers=headers)


def test_beside_the_settings_stands_what_they_make_of_what_came_in(as_ada, link):
    assert "Nothing has come in yet" in settings_of(as_ada, link)
    casts(link, body="Cast a gear")
    page = settings_of(as_ada, link)
    assert "Cast a gear" in page and "Ada Lovelace" in page
    assert "&quot;body&quot;: &quot;Cast a gear&quot;" in page


def test_a_preview_says_who_is_not_known_and_notes_nobody_down(as_ada, link):
    casts(link, who="4711", login="stoker")
    UnclaimedPerson.objects.all().delete()
    page = shown(preview(as_ada, link, forge="ada/engine", metals=["iron"]))
    assert "It would wait until the team says who stoker is." in page
    assert not UnclaimedPerson.objects.exists()
    assert not Entry.objects.exists()


def test_a_preview_says_who_does_not_write(as_ada, link, ada, team):
    casts(link)
    Membership.objects.filter(user=ada).update(role="observer")
    assert "Ada Lovelace does not write in Analytical Engines." in settings_of(as_ada, link)


def test_a_preview_without_scripts_is_the_page_with_what_was_typed(as_ada, link):
    casts(link, body="Cast a gear")
    page = shown(preview(as_ada, link, live=False, forge="ada/engine", metals=["brass"]))
    assert "Cast a gear" in page and "Save" in page
    assert re.search(r'value="brass"[^>]* checked', page)
    link.refresh_from_db()
    assert link.config["metals"] == ["iron"]


def test_what_is_wrong_with_the_form_is_said_where_the_preview_stands(as_ada, link):
    answer = preview(as_ada, link, forge="ada/engine", metals=["gold"])
    assert answer.status_code == 422
    assert "gold" in shown(answer)
    assert "summary" not in shown(answer)


def test_a_long_body_is_cut_and_one_that_is_no_json_shown_as_it_is():
    assert showing.readable(Hook(b"text=Hello", {})) == "text=Hello"
    assert showing.readable(Hook(b"[" * 100_000, {})).endswith("[\n…")
    assert len(showing.readable(Hook(b'"' + b"x" * 100_000 + b'"', {}))) == showing.LONGEST + 2
