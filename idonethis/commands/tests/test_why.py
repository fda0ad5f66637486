"""The fate of a hook, from a terminal."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from idonethis.commands import idonethis
from idonethis.integrations.activity import Activity
from idonethis.integrations.filters import Filters
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.sight import Sight
from idonethis.integrations.why import answer
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(team, ada):
    return IntegrationLink.objects.create(integration_type="webhook", team=team, user=ada)


@pytest.fixture
def hooks(client, link):
    """One that is an entry, one of somebody unknown, one that was refused."""
    config = {"text": "text", "person": "by"}
    IntegrationLink.objects.update(config=config)
    for body in ({"text": "Oiled the mill"}, {"text": "Cast a gear", "by": "jo@example.org"}):
        post(client, link, body)
    post(client, link, {"text": "Forged"}, token="guessed")
    while Receipt.drain():
        pass


def post(client, link, body, token=""):
    sent = {"X-Webhook-Token": token or str(link.signing_secret)}
    path = link.hook_url.removeprefix("http://testserver")
    client.post(path, json.dumps(body), "application/json", headers=sent)


def test_why_says_the_sentence_what_to_do_and_where(run, hooks):
    said, advice, where, *rest = run("why", "jo@example.org").splitlines()
    assert said.startswith("jo@example.org at Incoming webhook → nobody in Analytical Engines")
    assert advice.startswith("Say which person that account is.")
    assert where.startswith("http://testserver/t/analytical-engines/unclaimed#person-")
    assert rest[-1] == "2 stored hooks were looked through; there are no more."


def test_why_has_the_figures_of_the_page(run, hooks):
    told = run("why", "Oiled the mill", "--json")
    same = answer("Oiled the mill", Sight.operators()).facts()
    assert told == json.loads(json.dumps(same))
    assert told["findings"][0]["result"] == "entry"


def test_why_says_what_it_can_mean_that_nothing_came(run, hooks):
    said = run("why", "nothing like it")
    assert "What it can mean that nothing came:" in said
    assert "1 hook was refused at " in said and "wrong signature" in said


def test_why_looks_into_one_team(run, hooks):
    Team.objects.create(name="Night Shift")
    assert run("why", "Cast a gear", "--team", "night-shift", "--json")["findings"] == []
    assert run("why", "Cast a gear", "--team", "analytical-engines", "--json")["findings"]


def test_activity_lists_what_came_and_what_was_refused(run, hooks, link):
    refused, unmatched, logged = run("activity").splitlines()
    assert "1 hook was refused at" in refused and "Is the secret at" in refused
    assert "Unmatched" in unmatched and "jo@example.org" in unmatched
    assert "Logged" in logged


def test_activity_has_the_figures_of_the_page(run, hooks):
    told = run("activity", "--json", "--limit", "1")
    same = Activity.of(Sight.operators(), Filters(), size=1).facts()
    assert {key: told[key] for key in same} == same
    (older,) = run("activity", "--json", "--before", told["older"])["items"]
    assert older["result"] == "created"


@pytest.mark.parametrize(
    ("options", "results"),
    [
        (["--result", "attention"], ["no_person"]),
        (["--direction", "out"], []),
        (["--since", "2999-01-01"], []),
        (["--link", "nobody"], []),
        (["--team", "analytical-engines"], ["no_person", "created"]),
    ],
)
def test_activity_is_narrowed(run, hooks, options, results):
    found = run("activity", "--json", *options)["items"]
    assert [each["result"] for each in found] == results


@pytest.mark.parametrize(
    "words", [["--since", "yesterday"], ["--result", "nonsense"], ["--direction", "up"]]
)
def test_activity_refuses_what_it_cannot_mean(team, words):
    assert CliRunner().invoke(idonethis, ["activity", *words]).exit_code == 2


def test_an_empty_log_says_so(run, team):
    assert run("activity") == "Nothing has come or gone yet.\n"
