"""What is suggested to somebody shows to them alone: every page, asked for by everybody, and what
leaves the server by other ways."""

# ruff: noqa: F811
from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import URLPattern, get_resolver

from idonethis import commands
from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery, IntegrationLink, IntegrationUser, Suggestion
from idonethis.integrations.models.deciding import decide
from idonethis.integrations.tests.web.conftest import (  # noqa: F401
    account,
    as_ada,
    browsers,
    casts,
    foundry,
    foundry_server,
    link,
    work,
    world,
)
from idonethis.integrations.values import Verdict

pytestmark = pytest.mark.django_db

CANARY = "canary-4b1d"
CHOSEN = {"forge": "ada/engine", "metals": ["iron"]}
PEOPLE = ("author", "mate", "admin", "outsider", "anonymous")


@pytest.fixture
def suggesting(link) -> IntegrationLink:
    """Ada administers it; who casts is Grace."""
    link.config |= {"how": "suggest"}
    link.save()
    return link


@pytest.fixture
def suggestion(suggesting, grace) -> Suggestion:
    IntegrationUser.objects.create(integration_type="foundry", uid="1906", user=grace)
    casts(suggesting, who="1906", body=f"Cast the {CANARY}")
    return Suggestion.objects.get()


@pytest.fixture
def windows(browsers, team):
    mate = User.objects.create_user("charles@example.org", "b", name="Charles Babbage")
    team.join(mate)
    charles = Client()
    charles.force_login(mate)
    named = {"author": "grace", "admin": "ada", "outsider": "mallory"}
    people = {person: browsers[name] for person, name in named.items()}
    return people | {"mate": charles, "anonymous": Client()}


@pytest.fixture
def paths(suggestion, suggesting, team, ada):
    """Every page there is, of this link, this team, and an entry of the team."""
    entry = Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    values = {
        "slug": [team.slug],
        "hash_id": [suggesting.hash_id, entry.hash_id, suggestion.hash_id],
        "integration_type": ["foundry"],
        "user_id": [ada.hash_id],
    }
    return sorted(path for pattern in routes() for path in filled(pattern, values))


def routes(patterns=None, prefix=""):
    for each in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield path
        else:
            yield from routes(each.url_patterns, path)


def filled(path, values):
    """The addresses of a route, with everything put in that could stand there."""
    before, opening, rest = path.partition("<")
    if not opening:
        return [f"/{path}"] if "(" not in path else []
    inside, _, after = rest.partition(">")
    name = inside.rpartition(":")[2]
    return [
        found
        for value in values.get(name, ["1"])
        for found in filled(before + value + after, values)
    ]


def telling(windows, paths, **headers):
    """Who finds the secret where."""
    return {
        (person, path)
        for person, browser in windows.items()
        for path in paths
        if CANARY in browser.get(path, headers=headers).content.decode(errors="replace")
    }


def test_while_it_waits_only_its_person_reads_it(windows, paths, team):
    assert len(paths) > 60
    seen = {("author", "/me"), ("author", team.get_absolute_url())}
    assert telling(windows, paths) == seen
    assert telling(windows, paths, **{"HX-Request": "true"}) <= seen


@pytest.mark.parametrize(
    ("state", "seen"),
    [("dismissed", set()), ("expired", {("author", "/me")}), ("retracted", set())],
)
def test_nor_does_anybody_else_afterwards(windows, paths, suggestion, state, seen):
    Suggestion.objects.all().move_to(state)
    work()
    assert telling(windows, paths) == seen


def test_who_has_left_the_team_reads_it_no_more_nor_does_anybody(windows, paths, team, grace):
    team.memberships.filter(user=grace).delete()
    assert telling(windows, paths) == set()


def test_once_it_is_logged_the_team_reads_it(windows, paths, team):
    decide(Suggestion.objects.all(), Verdict.ACCEPT)
    work()
    path = team.get_absolute_url()
    seen = telling(windows, [path])
    assert seen == {(person, path) for person in ("author", "mate", "admin")}


@pytest.mark.parametrize("state", ["pending", "dismissed", "expired", "retracted"])
@pytest.mark.parametrize("how", ["log", "suggest"])
@pytest.mark.parametrize("live", [True, False])
def test_no_preview_tells_an_admin(windows, suggesting, suggestion, state, how, live):
    Suggestion.objects.all().move_to(state)
    casts(suggesting, who="1906", body=f"Cast the {CANARY} anew")
    work()
    headers = {"HX-Request": "true"} if live else {}
    for path in (f"/links/{suggesting.hash_id}/preview", f"/links/{suggesting.hash_id}/edit"):
        answer = windows["admin"].post(path, CHOSEN | {"how": how}, headers=headers, follow=True)
        assert answer.status_code == 200
        assert CANARY not in answer.content.decode()


@pytest.mark.parametrize("how", ["log", "suggest"])
def test_nor_does_a_plan_of_reading_it_again_nor_the_job(windows, suggesting, suggestion, how):
    suggesting.config |= {"how": how}
    suggesting.save()
    path = f"/links/{suggesting.hash_id}/replay"
    for said in ({}, {"begin": "1"}):
        answer = windows["admin"].post(path, said, follow=True)
        assert answer.status_code == 200
        assert CANARY not in answer.content.decode()


def test_nor_after_the_link_was_made_to_log_by_itself(windows, suggesting, suggestion):
    suggesting.config |= {"how": "log"}
    suggesting.save()
    answer = windows["admin"].get(f"/links/{suggesting.hash_id}/edit")
    assert CANARY not in answer.content.decode()


def test_what_would_be_suggested_to_another_is_not_told_either(windows, suggesting, grace):
    """Nothing was suggested yet: nobody knew who it was, and then the link was changed."""
    casts(suggesting, who="1906", login="cobol", body=f"Cast the {CANARY}")
    IntegrationUser.objects.create(integration_type="foundry", uid="1906", user=grace)
    answer = windows["admin"].post(
        f"/links/{suggesting.hash_id}/preview", CHOSEN | {"how": "suggest"}
    )
    assert "Would add" in answer.content.decode()
    assert CANARY not in answer.content.decode()


def test_its_person_sees_it_in_the_preview_of_a_link_of_their_own(
    windows, suggesting, suggestion, grace
):
    suggesting.user = grace
    suggesting.save()
    path = f"/links/{suggesting.hash_id}/preview"
    answer = windows["author"].post(path, CHOSEN | {"how": "suggest"})
    assert CANARY in answer.content.decode()


def test_it_leaves_by_no_other_way(suggestion, suggesting, team, world):
    while Delivery.drain():
        pass
    assert world.posts == {}
    for command in (["entries", team.slug, "--deleted"], ["receipts"], ["link", "list"]):
        done = CliRunner().invoke(commands.idonethis, [*command, "--json"])
        assert done.exit_code == 0, done.output
        assert done.output and CANARY not in done.output


@pytest.mark.parametrize("person", [each for each in PEOPLE if each != "author"])
@pytest.mark.parametrize("button", ["accept", "dismiss", "undo"])
def test_nobody_else_decides(windows, suggestion, person, button):
    answer = windows[person].post(f"/suggestions/{button}", {"name": suggestion.hash_id})
    assert answer.status_code == (302 if person == "anonymous" else 404)
    work()
    assert Suggestion.objects.get().state == "pending"
    assert not Entry.objects.exists()
