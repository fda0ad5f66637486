"""What we do at Slack, against a pretend one over HTTP."""

from __future__ import annotations

import pytest

from idonethis.entries.drafts import Draft, Origin
from idonethis.entries.models import Entry
from idonethis.integrations.base import Gone, Never
from idonethis.integrations.models import Delivery, IntegrationUser
from idonethis.integrations.tests.commands import paste, shown
from idonethis.partners.slack.account import account
from idonethis.partners.slack.integration import integration
from idonethis.partners.slack.testing import CHANNEL as DONE
from idonethis.simulators import visitor

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


# Connecting


def test_connecting_keeps_the_person_in_their_workspace_and_the_workspaces_token(workspace, ada):
    person = IntegrationUser.objects.get(kind="user")
    assert (person.uid, person.user) == ("T0ANALYTIC/U0ADA181512", ada)
    assert (person.workspace, str(person)) == (workspace, "U0ADA181512 in Analytical")
    assert person.secrets == {}
    assert (workspace.uid, str(workspace)) == ("T0ANALYTIC", "Analytical")
    assert workspace.secrets["access_token"].startswith("xoxb-")
    assert workspace.secrets["bot_user_id"] == "U0DONEBOT01"
    assert workspace.scopes.split() == list(integration.oauth.scopes)


@pytest.mark.parametrize(
    "token",
    [
        {"team": None, "is_enterprise_install": True, "authed_user": {"id": "U1"}},
        {"team": {"id": "T1"}, "is_enterprise_install": True, "authed_user": {"id": "U1"}},
        {"team": {"id": "T1"}, "authed_user": None},
        {},
    ],
)
def test_a_grant_for_a_whole_organisation_or_for_nobody_is_refused_in_words(token):
    with pytest.raises(Never, match=r"Nothing was connected"):
        account({"access_token": "xoxb-1", **token})


# Channels


def test_channels_are_found_by_name_and_archived_ones_are_not(app, workspace):
    app.workspace.channel("general")["is_archived"] = True
    labels = [c.label for c in integration.choices("channel", "", workspace.client())]
    assert labels == ["#done"]
    assert integration.choices("channel", "#DON", workspace.client())[0].value == f"{DONE}|done"
    assert integration.choices("channel", "nothing", workspace.client()) == []


def test_a_private_channel_is_listed_once_the_app_is_invited(slack, workspace):
    client = workspace.client()
    assert integration.choices("channel", "vault", client) == []
    visitor.act(slack, "invite", channel="vault")
    (vault,) = integration.choices("channel", "vault", client)
    assert (vault.label, vault.hint) == ("#vault", "private")


def test_a_channel_far_down_the_list_is_found_and_no_page_is_fetched_in_vain(app, workspace):
    template = app.workspace.channel("done")
    for number in range(2500):
        row = {**template, "id": f"C1{number:05}", "name": f"room-{number}", "messages": []}
        app.store.table("channels")[row["id"]] = row
    assert integration.choices("channel", "room-2499", workspace.client())[0].label == "#room-2499"
    assert pages(app) == 3
    assert len(integration.choices("channel", "room", workspace.client())) == 30
    assert pages(app) == 4


def pages(app) -> int:
    return sum(call["path"] == "/api/conversations.list" for call in app.journal.calls)


def test_a_last_look_refuses_channels_in_which_nothing_could_be_posted(app, workspace):
    client = workspace.client()
    integration.check({"channel": f"{DONE}|done"}, client)
    integration.check({}, client)
    with pytest.raises(Gone, match="invite the app"):
        integration.check({"channel": "C0VAULT0001|vault"}, client)
    app.workspace.channel("done")["is_archived"] = True
    with pytest.raises(Gone, match="archived"):
        integration.check({"channel": f"{DONE}|done"}, client)


# Posting


def test_an_entry_is_posted_changed_and_taken_back(log, posts):
    entry = log("shipped <!channel> & billing")
    assert posts() == ["✅ *Done* · Ada Lovelace\nshipped &lt;!channel&gt; &amp; billing"]
    entry.edit(kind="done", body="shipped billing")
    assert posts() == ["✅ *Done* · Ada Lovelace\nshipped billing"]
    entry.delete_softly(by=entry.user)
    assert posts() == []
    entry.restore()
    assert len(posts()) == 1
    assert Delivery.objects.get().reference.startswith(f"{DONE}:")


@pytest.mark.parametrize(("fault", "status"), [("revoked", 200), ("500", 500)])
def test_what_was_asked_and_answered_is_kept_without_the_token(
    slack, client, workspace, log, posts, fault, status
):
    visitor.act(slack, "faults", fault=fault, times=1)
    log()
    posts()
    sent, token = Delivery.objects.get(), workspace.secrets["access_token"]
    said = sent.tries.get().exchange
    assert said["answer"]["status"] == status and "shipped billing" in said["body"]
    assert "Authorization: Bearer \ue000ACCESS_TOKEN\ue001" in said["headers"]
    page = client.get(f"/deliveries/{sent.pk}").content.decode()
    assert "$ACCESS_TOKEN" in page and token not in page and token not in str(said)
    assert paste(shown(page, "curl-"), ACCESS_TOKEN=token).json()["ok"] is True
    assert len(posts()) == 1


def test_a_goal_that_is_reached_says_so_where_it_was_posted(log, posts, ada):
    log("write docs", kind="goal").complete(on=ada.today())
    assert posts()[0] == "🏁 *Goal reached* · Ada Lovelace\nwrite docs"


def test_a_link_leads_back_to_where_the_entry_came_from(link, posts, team, ada):
    draft = Draft(body="Merged", url="https://github.example/ada/engine/pull/1")
    Entry.objects.log(
        draft, team=team, user=ada, origin=Origin("github", "x", "GitHub, ada/engine")
    )
    assert posts()[0].endswith("<https://github.example/ada/engine/pull/1|GitHub, ada/engine>")


def test_only_what_the_link_asks_for_is_posted(link, log, posts):
    link.config |= {"kinds": ["goal"]}
    link.save()
    log("a done")
    goal = log("a goal", kind="goal")
    assert posts() == ["🎯 *Goal* · Ada Lovelace\na goal"]
    goal.edit(kind="done", body="a goal")
    assert posts() == []


def test_what_came_by_this_link_is_not_posted_by_it(link, posts, team, ada):
    Entry.objects.log(Draft(body="typed in Slack"), team=team, user=ada, origin=link.origin)
    assert posts() == []


def test_a_post_that_somebody_deleted_in_slack_stays_deleted(slack, log, posts):
    entry = log()
    posts()
    visitor.act(slack, "delete_message", channel="done")
    entry.edit(kind="done", body="shipped billing at last")
    assert posts() == []
    entry.delete_softly(by=entry.user)
    assert posts() == []
    assert Delivery.objects.get().state == "done"
