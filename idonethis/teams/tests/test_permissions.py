"""Every page of the teams, and every way to ask for it, by everybody."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from idonethis.teams.models import Team
from idonethis.teams.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("charles", "elsewhere")]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
LOGIN = "sign in first"
#: Somebody without an account, the admin of another team, and this team's three roles.
WHO = ("anonymous", "mallory", "charles", "grace", "ada")

READ = [LOGIN, 404, 200, 200, 200]
MANAGE = [LOGIN, 404, 403, 403, 302]
TABLE = {
    "setup": {"GET": [404] * 5, "POST": [404] * 5},
    "invitation": {"GET": [200] * 5, "POST": [422, 302, 302, 302, 302]},
    "new_team": {"GET": [LOGIN, 200, 200, 200, 200], "POST": [LOGIN, 302, 302, 302, 302]},
    "team_settings": {"GET": READ, "POST": MANAGE},
    "team_integrations": {"GET": READ},
    "team_members": {"GET": READ},
    "delete_team": {"POST": MANAGE},
    "invite": {"POST": MANAGE},
    "withdraw": {"POST": MANAGE},
    "restore_invitation": {"POST": MANAGE},
    "change_role": {"POST": MANAGE},
    # It is Grace who is removed, and everybody may leave.
    "remove_member": {"POST": [LOGIN, 404, 403, 302, 302]},
}
SAID = {
    "name": "Difference Engines",
    "done_prompt": "Done?",
    "when_deleted": "keep",
    "goal_prompt": "Next?",
    "blocked_prompt": "Stuck?",
    "typed": "Analytical Engines",
    "role": "observer",
}


@pytest.fixture
def where(team, grace, invitation):
    arguments = {
        "setup": ["not-the-token"],
        "invitation": [invitation.token],
        "new_team": [],
        "withdraw": [team.slug, invitation.pk],
        "restore_invitation": [team.slug, invitation.pk],
        "change_role": [team.slug, grace.hash_id],
        "remove_member": [team.slug, grace.hash_id],
    }
    return lambda name: reverse(name, args=arguments.get(name, [team.slug]))


def expected(name, method, who):
    row = TABLE[name].get("GET" if method == "HEAD" else method)
    if row:
        return row[WHO.index(who)]
    return LOGIN if who == "anonymous" and name not in ("setup", "invitation") else 405


def answer(response):
    to_sign_in = response.get("Location", "").startswith(reverse("account_login"))
    return LOGIN if to_sign_in else response.status_code


def test_every_route_stands_in_the_table():
    assert {pattern.name for pattern in urlpatterns} == set(TABLE)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", TABLE)
def test_a_route_answers_as_the_table_says(visitor, where, name, method, who):
    said = "&".join(f"{key}={value}" for key, value in SAID.items())
    response = visitor(who).generic(
        method, where(name), said, content_type="application/x-www-form-urlencoded"
    )
    assert answer(response) == expected(name, method, who)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", TABLE)
def test_looking_changes_nothing(visitor, where, name, who):
    client = visitor(who)
    with CaptureQueriesContext(connection) as seen:
        client.get(where(name))
    writes = [q["sql"] for q in seen if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert writes == []


REFUSED = [
    (name, who)
    for name, row in TABLE.items()
    for who, status in zip(WHO, row.get("POST", [405] * 5), strict=True)
    if status in (LOGIN, 403, 404, 405)
]


@pytest.mark.parametrize(("name", "who"), REFUSED)
def test_who_is_refused_changes_nothing(visitor, where, team, name, who):
    before = snapshot(team)
    visitor(who).post(where(name), SAID)
    assert snapshot(team) == before


def snapshot(team):
    return (
        Team.objects.filter(pk=team.pk).values().get(),
        sorted(team.memberships.values_list("user", "role")),
        sorted(team.invitations.values_list("pk", "withdrawn_at")),
    )


@pytest.mark.parametrize("name", [name for name in TABLE if name != "setup"])
def test_nothing_is_taken_without_the_token_of_a_page_of_ours(ada, where, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    if "POST" in TABLE[name]:
        assert client.post(where(name), SAID).status_code == 403


PERSONAL = {
    "team_settings": 200,
    "team_integrations": 200,
    "team_members": 404,
    "delete_team": 404,
    "invite": 404,
    "withdraw": 404,
    "restore_invitation": 404,
    "change_role": 404,
    "remove_member": 404,
}


@pytest.mark.parametrize("name", PERSONAL)
def test_a_personal_team_has_settings_but_no_people(client, ada, invitation, name):
    mine = Team.objects.personal(ada)
    invitation.team = mine
    invitation.save()
    more = {"withdraw": [invitation.pk], "restore_invitation": [invitation.pk]}
    more |= dict.fromkeys(["change_role", "remove_member"], [ada.hash_id])
    client.force_login(ada)
    method = client.get if "GET" in TABLE[name] else client.post
    url = reverse(name, args=[mine.slug, *more.get(name, [])])
    assert method(url, SAID).status_code == PERSONAL[name]


@pytest.mark.parametrize("name", PERSONAL)
def test_a_personal_team_is_nobody_else_s(client, ada, grace, name):
    mine = Team.objects.personal(ada)
    client.force_login(grace)
    more = {"withdraw": [1], "restore_invitation": [1]}
    more |= dict.fromkeys(["change_role", "remove_member"], [ada.hash_id])
    url = reverse(name, args=[mine.slug, *more.get(name, [])])
    method = client.get if "GET" in TABLE[name] else client.post
    assert method(url, SAID).status_code == 404


@pytest.mark.parametrize("name", ["withdraw", "restore_invitation"])
def test_an_admin_elsewhere_does_not_reach_this_team_s_invitations(
    client, mallory, elsewhere, invitation, name
):
    client.force_login(mallory)
    assert client.post(reverse(name, args=[elsewhere.slug, invitation.pk])).status_code == 404


@pytest.mark.parametrize("name", ["change_role", "remove_member"])
def test_an_admin_elsewhere_does_not_reach_this_team_s_people(
    client, mallory, elsewhere, grace, name
):
    client.force_login(mallory)
    url = reverse(name, args=[elsewhere.slug, grace.hash_id])
    assert client.post(url, {"role": "admin"}).status_code == 404
