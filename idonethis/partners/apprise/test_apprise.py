from __future__ import annotations

import pytest

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery, IntegrationLink, IntegrationUser
from idonethis.integrations.testing import let_time_pass
from idonethis.simulators import visitor
from idonethis.simulators.chat import apprise
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db


@pytest.fixture
def server():
    with running(apprise.Apprise()) as url:
        yield url


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


def connect(window, url, **typed):
    form = {"site": url, "key": apprise.KEY, "team": "analytical-engines", **typed}
    return window.post("/auth/apprise/typed", form)


@pytest.fixture
def linked(server, window, team):
    def linked(*, tag="all", **typed):
        connect(window, server, **typed)
        account = IntegrationUser.objects.get().hash_id
        form = {"team": team.slug, "account": account, "kinds": ["done", "goal", "blocked"]}
        window.post("/integrations/apprise/link", {**form, "tag": tag})
        return IntegrationLink.objects.get()

    return linked


def post(team, ada, server, body="Oiled the mill", **facts):
    Entry.objects.log(Draft(body=body, **facts), team=team, user=ada)
    while Delivery.drain():
        pass
    return heard(server, "POST")


def heard(server, method):
    calls = visitor.read(server, "journal")["calls"]
    return [each for each in calls if each["method"] == method and "_control" not in each["path"]]


def test_it_says_whom_to_tell_and_of_what_kind_it_is(linked, server, team, ada):
    linked(tag=apprise.TAG)
    for kind in ("done", "goal", "blocked"):
        calls = post(team, ada, server, kind, kind=kind)
    assert [call["body"]["type"] for call in calls] == ["success", "info", "warning"]
    assert {call["body"]["tag"] for call in calls} == {apprise.TAG}
    assert {call["body"]["format"] for call in calls} == {"text"}
    assert [post["text"] for post in visitor.read(server, "messages")["Team"]] == [
        "✅ Done · Ada Lovelace\ndone",
        "🎯 Goal · Ada Lovelace\ngoal",
        "🚧 Blocker · Ada Lovelace\nblocked",
    ]


def test_to_connect_tells_nobody_anything(linked, server):
    linked()
    assert heard(server, "POST") == []
    [looked] = heard(server, "GET")
    assert (looked["path"], looked["query"]) == (f"/json/urls/{apprise.KEY}", {"privacy": "1"})


def test_a_key_that_is_locked_can_be_used_though_not_looked_at(linked, server, team, ada):
    linked(key=apprise.LOCKED, tag=apprise.TAG)
    post(team, ada, server)
    assert len(visitor.read(server, "messages")["Locked"]) == 1


def test_why_it_does_not_take_a_message_is_said(linked, server, team, ada):
    link = linked(key=apprise.LOCKED)
    post(team, ada, server)
    assert "A specific tag other than 'all' is required" in Delivery.objects.get().trouble
    link.refresh_from_db()
    assert link.state == "active"


def test_a_key_with_a_password_asks_for_it(linked, server, window, team, ada):
    assert connect(window, server, key=apprise.GUARDED).status_code == 422
    wrong = connect(window, server, key=apprise.GUARDED, user="ada", password="guessed")
    assert wrong.status_code == 422 and not IntegrationUser.objects.exists()
    linked(key=apprise.GUARDED, user="ada", password=apprise.PASSWORD)
    post(team, ada, server)
    assert len(visitor.read(server, "messages")["Guarded"]) == 1


@pytest.mark.parametrize("key", ["a/../b", "a?b", "ä", "x" * 65, "a b", "key\nkey", "key#"])
def test_a_key_is_no_path(server, window, key):
    assert connect(window, server, key=key).status_code == 422
    assert heard(server, "GET") == []


def test_a_key_that_is_gone_says_so(linked, server, team, ada):
    link = linked()
    visitor.act(server, "forget")
    post(team, ada, server)
    link.refresh_from_db()
    assert (link.state, Delivery.objects.get().state) == ("target_gone", "held")
    assert "nothing under this key" in link.trouble


@pytest.mark.parametrize("where", [{"key": apprise.BROKEN}, {"tag": "nobody"}])
def test_whoever_was_reached_is_not_told_twice(linked, server, team, ada, where):
    link = linked(**where)
    assert len(post(team, ada, server)) == 1
    let_time_pass()
    delivery = Delivery.objects.get()
    assert delivery.state == "failed" and "did not reach all" in delivery.trouble
    assert not Delivery.drain() and len(heard(server, "POST")) == 1
    link.refresh_from_db()
    assert link.state == "active"
