"""Every page of the administration and of one's own data, and every way to ask for it."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from idonethis.accounts.models import App, User
from idonethis.administration import urls as administration
from idonethis.privacy import urls as privacy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]

#: Nobody, the admin of another team, a member of this one, its admin, the server's administrator.
WHO = ("anonymous", "mallory", "grace", "ada", "root")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
LOGIN = "sign in first"

SERVER = [LOGIN, 403, 403, 403, 200]
ACT = [LOGIN, 403, 403, 403, 302]
MINE = [LOGIN, 200, 200, 200, 200]
TABLE = {
    "administration": {"GET": SERVER},
    "resume_outgoing": {"POST": ACT},
    "people": {"GET": SERVER},
    "person": {"GET": SERVER},
    "deactivate_person": {"POST": ACT},
    "reactivate_person": {"POST": ACT},
    "make_administrator": {"POST": ACT},
    "end_administration": {"POST": ACT},
    "delete_person": {"POST": [LOGIN, 403, 403, 403, 422]},
    "applications": {"GET": SERVER, "POST": [LOGIN, 403, 403, 403, 422]},
    "renew_application": {"POST": SERVER},
    "remove_application": {"POST": ACT},
    "changes": {"GET": SERVER},
    # Of the team alone: who administers the server has a page of all.
    "team_changes": {"GET": [LOGIN, 404, 403, 200, 404]},
    "my_data": {"GET": MINE},
    "export_my_data": {"POST": MINE},
    "delete_me": {"POST": [LOGIN, 422, 422, 422, 422]},
}


@pytest.fixture
def root(db) -> User:
    return User.objects.create_superuser("root@example.org", "secret", name="Root")


@pytest.fixture
def where(team, grace):
    of_person = ["person", "deactivate_person", "reactivate_person", "delete_person"]
    of_person += ["make_administrator", "end_administration"]
    arguments = dict.fromkeys(of_person, [grace.hash_id]) | {"team_changes": [team.slug]}
    app, _ = App.objects.register("Mill", secret=True, scopes=["read"], devices=True)
    arguments |= dict.fromkeys(["renew_application", "remove_application"], [app.hash_id])
    return lambda name: reverse(name, args=arguments.get(name, []))


def answer(response):
    to_sign_in = response.get("Location", "").startswith(reverse("account_login"))
    return LOGIN if to_sign_in else response.status_code


def expected(name, method, who):
    row = TABLE[name].get("GET" if method == "HEAD" else method)
    if who == "anonymous":
        return LOGIN
    if row:
        return row[WHO.index(who)]
    of_server = name in {pattern.name for pattern in administration.urlpatterns}
    return 403 if of_server and who != "root" and name != "team_changes" else 405


def test_every_route_stands_in_the_table():
    patterns = [*administration.urlpatterns, *privacy.urlpatterns]
    assert {pattern.name for pattern in patterns} == set(TABLE)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", TABLE)
def test_a_route_answers_as_the_table_says(visitor, where, name, method, who):
    response = visitor(who).generic(
        method, where(name), "", content_type="application/x-www-form-urlencoded"
    )
    assert answer(response) == expected(name, method, who)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", TABLE)
def test_looking_changes_nothing(visitor, where, name, who):
    client = visitor(who)
    with CaptureQueriesContext(connections["default"]) as seen:
        client.get(where(name))
    writes = [q["sql"] for q in seen if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert writes == []


@pytest.mark.parametrize("name", [name for name in TABLE if "POST" in TABLE[name]])
def test_nothing_is_taken_without_the_token_of_a_page_of_ours(root, where, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(root)
    assert client.post(where(name)).status_code == 403


def test_whoever_is_gone_has_no_page(visitor, where, grace):
    grace.forget()
    assert visitor("root").get(where("person")).status_code == 404
