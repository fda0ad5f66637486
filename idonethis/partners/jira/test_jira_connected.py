"""Jira Cloud over real HTTP: somebody lets us in, picks a project, and its issues come. It sends
to a server of ours that listens meanwhile."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from idonethis.entries.models import Entry
from idonethis.integrations.base import Hook, NeedsPermission, Never
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    Receipt,
)
from idonethis.integrations.models.making import make_link
from idonethis.partners.jira.testing import ENG, LOOM, MILL, log
from idonethis.simulators.planning.jira import ENGINES, SECRET
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db(transaction=True)


# Somebody lets us in.


def test_jira_is_asked_to_let_us_in_for_longer_than_an_hour(window, jira):
    there = urlsplit(window.post("/auth/jira", {"team": "analytical-engines"})["Location"])
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{jira.url}/authorize"
    assert (asked["audience"], asked["prompt"]) == ("api.atlassian.com", "consent")
    assert set(asked["scope"].split()) == {
        "read:me", "read:jira-work", "read:jira-user", "manage:jira-webhook", "offline_access",
    }  # fmt: skip
    assert "code_challenge" not in asked


def test_whoever_connects_is_who_they_are_there_and_the_token_is_sealed(account, ada):
    assert (account.user, account.uid, account.name) == (ada, "1815", "Ada Lovelace")
    assert account.secrets["refresh_token"]
    assert account.secrets["access_token"] not in str(IntegrationUser.objects.values().get())


def test_who_says_no_there_hears_that_nothing_was_changed(connect):
    answer = connect(decision="cancel")
    assert answer.status_code == 400
    assert "You cancelled at Jira. Nothing was changed." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


def test_each_renewal_brings_the_token_for_the_next(account, jira, integration):
    seen = set()
    for _ in range(3):
        seen.add(account.secrets["refresh_token"])
        jira.act("clock", forward=3601)
        assert integration.choices("project", "", account.client())
        account.refresh_from_db()
    assert len(seen) == 3


# A project is linked.


def test_projects_of_all_sites_are_offered_and_searched(account, integration):
    offered = integration.choices("project", "", account.client())
    assert [choice.value for choice in offered] == [ENG, MILL, LOOM]
    assert [choice.hint for choice in offered] == ["engines", "engines", "looms"]
    assert [each.value for each in integration.choices("project", "mil", account.client())] == [
        MILL
    ]
    assert not integration.choices("project", "steam", account.client())


def test_the_form_makes_the_webhook_and_names_the_link_by_its_project(window, account, jira):
    usual = {"how": "log", "who": "everybody", "project": ENG}
    form = {"team": "analytical-engines", "account": account.hash_id, **usual}
    answer = window.post("/integrations/jira/link", form)
    assert answer.status_code == 302, answer.content.decode()
    link, [hook] = IntegrationLink.objects.get(), jira.hooks
    assert (link.short_name, link.subject) == ("Engines (ENG)", f"{ENGINES}/10000")
    assert hook["url"] == f"{link.registered_hook.url}?site={ENGINES}"
    assert hook["events"] == ["jira:issue_created", "jira:issue_deleted", "jira:issue_updated"]
    assert link.registered_hook.remote_id == str(hook["id"])


@pytest.mark.parametrize(
    ("project", "says"),
    [
        ("", "Pick the project"),
        (f"{ENGINES}/10002|Looms", "does not show that project"),
        ("../../me/10000|x", "does not show that project"),
    ],
)
def test_what_the_account_may_not_browse_is_not_linked(made, jira, project, says):
    with pytest.raises(Never, match=says):
        made(project)
    assert not IntegrationLink.objects.exists() and not jira.hooks


@pytest.mark.parametrize("project", ["ENG", "../../me/1", f"{ENGINES}/x", f"{ENGINES}/1?a=b"])
def test_what_is_no_project_of_the_list_the_form_does_not_take(window, account, jira, project):
    usual = {"how": "log", "who": "everybody", "project": project}
    form = {"team": "analytical-engines", "account": account.hash_id, **usual}
    assert "Pick the project from the list." in (
        window.post("/integrations/jira/link", form).content.decode()
    )
    assert not jira.hooks


def test_an_outsider_links_nothing_of_a_site_that_is_not_theirs(connect, integration, team, ada):
    connect("mallory")
    theirs = IntegrationUser.objects.get(uid="1666")
    assert not integration.choices("project", "", theirs.client())
    with pytest.raises(NeedsPermission, match="does not show that project"):
        make_link(integration, team, user=ada, integration_user=theirs, config={"project": ENG})


def test_an_issue_that_is_done_there_is_a_done_and_reopened_it_goes(link, jira, ada):
    assert jira.finishes() == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user) == ("Completed “Oil the mill” (ENG-12)", ada)
    assert jira.finishes(action="reopen") == [200]
    assert log() == []


def test_of_other_projects_nothing_is_even_stored(link, jira):
    assert jira.finishes("MILL-3") == [200]
    assert not Receipt.objects.exists()


def test_what_names_no_project_or_cannot_be_read_goes_to_all_that_share_the_webhook(link, jira):
    address = f"{link.registered_hook.url}?site={ENGINES}"
    signed = {"authorization": f"Bearer {token(SECRET)}"}
    bodies = (BODY, '{"n": 1e999}', "[]", '{"issue": {"fields": {"project": "ENG"}}}')
    assert [jira.knock(address, body, signed) for body in bodies] == [200] * len(bodies)
    assert Receipt.objects.count() == len(bodies)


def test_two_projects_of_a_site_share_a_webhook_and_another_site_has_its_own(made, jira):
    first, second, elsewhere = made(ENG), made(MILL), made(LOOM)
    assert first.registered_hook == second.registered_hook != elsewhere.registered_hook
    assert len(jira.hooks) == 2
    for thing in ("ENG-12", "MILL-3", "LOOM-1"):
        assert 200 in jira.finishes(thing)
    found = Receipt.objects.order_by("pk").values_list("link_id", flat=True)
    assert list(found) == [first.pk, second.pk, elsewhere.pk]


def test_a_second_team_hears_of_the_same_project(link, jira, integration, account, ada):
    other = Team.objects.create(name="Night Shift")
    other.join(ada, "admin")
    config = {**integration.defaults, "project": ENG}
    make_link(integration, other, user=ada, integration_user=account, config=config)
    assert jira.finishes() == [200] and len(jira.hooks) == 1
    assert log() == ["Completed “Oil the mill” (ENG-12)"] * 2


# Who did not get the app's secret sends nothing.


def token(secret, **claims):
    said = {"iss": "jira", "exp": 4_000_000_000, **claims}
    return jwt.encode({"alg": "HS256"}, said, OctKey.import_key(secret))


BODY = '{"webhookEvent": "jira:issue_created"}'


def test_what_the_client_secret_signed_is_taken_and_nothing_else(link, jira):
    ours = link.registered_hook
    assert jira.knock(ours.url, BODY, {"authorization": f"Bearer {token(SECRET)}"}) == 200
    forged = (
        {},
        {"authorization": token(SECRET)},
        {"authorization": f"Bearer {token('the secret of Mallory')}"},
        {"authorization": f"Bearer {token(str(ours.signing_secret))}"},
        {"authorization": f"Bearer {token(SECRET, exp=1)}"},
        {"authorization": f"Bearer {SECRET}"},
        {"x-hub-signature": "sha256=00", "authorization": f"Bearer {token(SECRET)}"},
    )
    assert [jira.knock(ours.url, BODY, headers) for headers in forged] == [401] * len(forged)
    assert Receipt.objects.count() == 1


def test_a_link_by_hand_goes_as_before(window, team, jira, integration):
    page = window.get("/integrations/jira/link?by=hand").content.decode()
    assert 'name="project"' not in page and 'name="sprints"' in page
    form = {"team": team.slug, "by": "hand", "how": "log", "who": "everybody"}
    window.post("/integrations/jira/link", form)
    link = IntegrationLink.objects.get()
    assert (link.registered_hook, link.awaits_secret, jira.hooks) == (None, False, [])
    signed = integration.signature.sign(Hook(BODY.encode()), link.signing_secret)
    assert jira.knock(link.hook_url, BODY, signed) == 200
    assert jira.knock(link.hook_url, BODY, {"authorization": f"Bearer {token(SECRET)}"}) == 401
