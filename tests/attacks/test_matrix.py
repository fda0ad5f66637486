"""Every address, asked in every way, by everybody: who gets what stands in ``routes.py``."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from idonethis.integrations import registry
from tests.attacks.asking import FORM, address, ends, filled, resolved, text_of
from tests.attacks.conftest import undone
from tests.attacks.routes import METHODS, OUTSIDE, ROUTES, WHO

pytestmark = pytest.mark.django_db


def test_every_route_stands_in_the_table():
    assert set(resolved()) == set(ROUTES)


@pytest.mark.parametrize("path", ROUTES)
def test_everybody_gets_what_is_theirs_and_nothing_leaves_the_team(world, red, path):
    found, wanted = {}, {}
    for method in METHODS:
        for who in WHO:
            found[method, who] = ends(ask(world, method, address(path, red), who, ROUTES[path]))
            wanted[method, who] = ROUTES[path].expected(method, who)
    assert found == wanted


def ask(world, method, url, who, route, **headers):
    with undone():
        response = world.browser(who).generic(method, url, content_type=FORM, headers=headers)
        if who in OUTSIDE:
            nothing_leaves(world.red, response, route.shows)
    return response


def nothing_leaves(marked, response, shows=""):
    said = text_of(response)
    for word in shows.split():
        said = said.replace(marked.word(word), "")
    assert marked.mark not in said
    for secret in marked.secrets:
        assert secret.lower() not in said


@pytest.mark.parametrize("path", [path for path, route in ROUTES.items() if route.args])
def test_a_piece_of_a_page_leaves_the_team_as_little(world, red, path):
    for who in OUTSIDE:
        ask(world, "GET", address(path, red), who, ROUTES[path], **{"HX-Request": "true"})


#: Who holds an invitation may use it, and who administers the server sets it up and looks after
#: its people.
MEANT = {
    "join/<str:token>",
    "integrations/<slug:integration_type>/setup",
    "integrations/<slug:integration_type>/believe",
} | {
    f"administration/people/<slug:hash_id>/{order}"
    for order in ("deactivate", "reactivate", "administer", "administer/end", "delete")
}


@pytest.mark.parametrize("path", sorted(set(ROUTES) - MEANT))
def test_who_is_outside_changes_nothing_of_the_team(world, red, path):
    for who in OUTSIDE:
        with world.staying_as_it_is():
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                world.browser(who).generic(method, address(path, red), said(red), content_type=FORM)


def said(marked):
    """What would do something in most of the forms, all at once."""
    return urlencode(
        {
            "done_prompt": "Done?",
            "goal_prompt": "Next?",
            "blocked_prompt": "Stuck?",
            "when_deleted": "keep",
            "typed": marked.team.name,
            "role": "admin",
            "body": "Mallory was here",
            "kind": "done",
            "occurred_on": "2026-11-24",
            "team": marked.team.slug,
            "user": marked["member"],
            "link": marked["link"],
            "account": marked["account"],
            "by": "hand",
            "repository": "mallory/engine",
            "text": "text",
            "name": [marked["suggestion"], "Taken over"],
            "time_zone": "UTC",
            "day_ends_at": "3",
            "theme": "dark",
            "nickname": "taken",
            "email": "taken@example.org",
            "login": "taken@example.org",
            "password": "difference-engine",
            "oldpassword": "engine",
            "password1": "difference-engine",
            "action_add": "",
        }
        | usual_config(marked),
        doseq=True,
    )


def usual_config(marked):
    """What the form of a link begins with."""
    defaults = marked.link.integration.defaults
    return {name: value for name, value in defaults.items() if value}


MIXED = [
    path
    for path, route in ROUTES.items()
    if route.args.partition(" ")[0] in ("slug", "entry") and " " in route.args
]


@pytest.mark.parametrize("path", MIXED)
def test_a_thing_of_one_team_is_not_reached_by_way_of_another(world, red, green, path):
    """Who administers the green team puts what belongs to the red one behind its name."""
    first, *others = ROUTES[path].args.split()
    url = filled(path, green[first], *(red[word] for word in others))
    with world.staying_as_it_is():
        for method in METHODS:
            browser = world.browser("other")
            response = browser.generic(method, url, said(green), content_type=FORM)
            assert response.status_code in (404, 405), method
            nothing_leaves(red, response)


OWN = [path for path, route in ROUTES.items() if "GET" in route.answers]


@pytest.mark.parametrize("path", OWN)
def test_no_parameter_of_a_page_of_one_s_own_leads_into_another_team(world, red, green, path):
    entry = red.entry
    asked = {
        "team": red.team.slug,
        "account": red["account"],
        "person": red["member"],
        "user": red["member"],
        "link": red["link"],
        "entry": red["entry"],
        "source": "app",
        "before": f"{entry.occurred_on}_{entry.pk}",
        "after": "0",
    }
    url = f"{address(path, green)}?{urlencode(asked)}"
    for headers in ({}, {"HX-Request": "true"}):
        with undone():
            response = world.browser("other").get(url, headers=headers)
            nothing_leaves(red, response)


@pytest.mark.parametrize("kind", sorted(registry.integrations()))
def test_a_link_of_any_integration_stays_in_its_team(world, red, kind):
    """The table tries one integration; this one all there are."""
    paths = [path for path in ROUTES if "links/" in path or "link/<" in path]
    for path in paths:
        values = {"type": kind, "link": red.links[kind].hash_id}
        url = filled(path, *(values[word] for word in ROUTES[path].args.split()))
        for method in ROUTES[path].answers:
            response = ask(world, method, url, "other", ROUTES[path])
            assert response.status_code == 404, (method, url)
