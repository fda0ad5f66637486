"""Trello over real HTTP: somebody lets us in, links a board, and is in trouble and out of it. It
sends to a server of ours that listens meanwhile."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from idonethis.entries.models import Entry
from idonethis.integrations.http import Again, Failed, NeedsPermission, Never
from idonethis.integrations.models import (
    Authorization,
    IntegrationLink,
    IntegrationUser,
    Receipt,
    RegisteredHook,
    reconciling,
)
from idonethis.integrations.models.making import change_link, make_link
from idonethis.integrations.tests import connected
from idonethis.integrations.tests.coming import standing
from idonethis.integrations.tests.connected import hooks
from idonethis.integrations.values import Hook, Secret
from idonethis.partners.trello.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.trello import API, BOARD
from idonethis.simulators.planning.trello import Trello as PretendTrello
from idonethis.simulators.running import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("trello")]

CONFIG = {"board": f"{BOARD['id']}|{BOARD['name']}", "lists": "Done"}
SECRET = "pretend-trello-secret"
HOOKS = f"{API}/tokens/*/webhooks"
leave, connect = partial(connected.leave, "trello"), partial(connected.consent, "trello")


@pytest.fixture(autouse=True)
def server(settings, live_server):
    settings.BASE_URL = live_server.url


@pytest.fixture
def trello(monkeypatch):
    with running(PretendTrello()) as url:
        for name, value in {
            "WEB_URL": url + API,
            "API_URL": url + API,
            "CLIENT_ID": "pretend-trello-client",
            "CLIENT_SECRET": SECRET,
        }.items():
            monkeypatch.setenv(f"TRELLO_{name}", value)
        yield url


@pytest.fixture
def account(window):
    connect(window)
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def moves(trello, *, by="ada", action="finish"):
    """Somebody moves the card; returns what we answered."""
    answers = visitor.act(trello, action, thing="c-12", by=by)["answers"]
    while Receipt.drain():
        pass
    return answers


def fault(trello, kind, **more):
    visitor.act(trello, "faults", fault=kind, **more)


# Somebody lets us in.


def test_trello_is_asked_for_reading_alone_and_for_good(window, trello):
    there = urlsplit(leave(window))
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{trello}/1/OAuthAuthorizeToken"
    assert asked.pop("oauth_token")
    assert asked == {"name": "I Done This", "scope": "read", "expiration": "never"}


def test_whoever_connects_is_who_they_are_there_and_the_token_is_sealed(account, ada):
    assert (account.user, account.uid) == (ada, "1815")
    assert (account.login, account.name) == ("ada", "Ada Lovelace")
    assert account.secrets.keys() == {"access_token", "consumer_key"}
    assert account.secrets["access_token"] not in str(IntegrationUser.objects.values().get())


def test_such_access_holds_for_good(account, trello):
    visitor.act(trello, "clock", forward=366 * 86_400)
    assert integration.choices("board", "", account.client())


def test_who_says_no_there_hears_that_nothing_was_changed(window):
    answer = connect(window, decision="cancel")
    assert answer.status_code == 400
    assert "You cancelled at Trello. Nothing was changed." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


def test_who_brings_the_answer_of_somebody_else_is_not_connected(window, client, mallory):
    brought = visitor.consent(leave(window), "ada")
    client.force_login(mallory)
    assert client.get("/auth/trello/callback", brought).status_code == 400
    assert not IntegrationUser.objects.exists()


def test_a_server_that_trello_does_not_know_is_told_so_before_anybody_leaves(window, monkeypatch):
    monkeypatch.setenv("TRELLO_CLIENT_SECRET", "another")
    answer = window.post("/auth/trello", {"team": "analytical-engines"})
    assert "Trello does not accept this server (invalid signature)." in answer.content.decode()
    assert not Authorization.objects.exists()


# A board is linked.


def test_boards_are_offered_by_name(account):
    (choice,) = integration.choices("board", "differ", account.client())
    assert (choice.value, choice.label) == (CONFIG["board"], "Difference Engine")
    assert not integration.choices("board", "steam", account.client())


def test_a_card_that_is_moved_to_done_is_a_done_of_who_moves_it(link, trello, ada):
    assert moves(trello) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.team) == ("Completed “Oil the mill”", ada, link.team)
    assert moves(trello, action="reopen") == [200]
    assert standing() == []


def test_the_form_makes_the_webhook_and_names_the_link_by_its_board(window, account, trello):
    form = {"team": "analytical-engines", "account": account.hash_id, **CONFIG}
    assert window.post("/integrations/trello/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == "Difference Engine"
    (hook,) = hooks(trello)
    assert (hook["board"], hook["url"]) == (BOARD["id"], RegisteredHook.objects.get().url)


def test_without_a_board_nothing_is_linked(window, account, trello):
    form = {"team": "analytical-engines", "account": account.hash_id, "lists": "Done"}
    answer = window.post("/integrations/trello/link", form)
    assert "Pick the board whose cards are to be logged." in answer.content.decode()
    assert not IntegrationLink.objects.exists() and not hooks(trello)


def test_where_trello_cannot_reach_us_nothing_is_linked_and_it_says_why(
    account, team, ada, settings, trello
):
    settings.BASE_URL = "http://127.0.0.1:9"
    with pytest.raises(Never, match="only addresses that it can reach from the internet"):
        make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()
    assert not hooks(trello)


def test_a_second_team_shares_the_webhook(link, account, ada, trello):
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    make_link(integration, other, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(trello)) == 1
    moves(trello)
    assert Entry.objects.count() == 2


def answer(url, secret):
    body, path = b'{"action": {}}', urlsplit(url).path
    signed = integration.signature.sign(Hook(body, url=url), Secret(secret))
    sent = Client().post(path, body, content_type="application/json", headers=signed)
    return sent.status_code


def test_what_the_application_signed_is_taken_and_nothing_else(link):
    url = link.registered_hook.url
    assert answer(url, SECRET) == 200
    assert answer(url, "mallory's") == answer(url, "") == 401
    assert answer(link.hook_url, SECRET) == 401


def test_a_link_by_hand_takes_what_is_signed_with_the_secret_that_was_brought(window, team, trello):
    page = window.get("/integrations/trello/link?by=hand").content.decode()
    assert 'name="board"' not in page
    window.post("/integrations/trello/link", {"team": team.slug, "by": "hand", "lists": "Done"})
    made = IntegrationLink.objects.get()
    assert (made.registered_hook, answer(made.hook_url, SECRET)) == (None, 401)
    window.post(f"/links/{made.hash_id}/secret/take", {"secret": "a secret of Ada's"})
    assert answer(made.hook_url, "a secret of Ada's") == 200
    assert answer(made.hook_url, SECRET) == 401


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, trello):
    before = hooks(trello)
    reconciling.check(link.registered_hook)
    assert hooks(trello) == before


def test_a_webhook_that_is_switched_off_is_switched_on_again(link, trello):
    visitor.act(trello, "switch_off")
    reconciling.check(link.registered_hook)
    (hook,) = hooks(trello)
    assert (hook["active"], hook["id"]) == (True, link.registered_hook.remote_id)


def test_a_webhook_that_somebody_removed_is_made_again(link, trello):
    visitor.act(trello, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert moves(trello) == [200] and len(standing()) == 1


def test_a_webhook_whose_name_got_lost_on_the_way_is_found_by_its_address(link, trello):
    visitor.act(trello, "forget_hooks")
    fault(trello, "truncated", path=HOOKS, method="POST")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    reconciling.check(link.registered_hook)
    (hook,) = hooks(trello)
    assert RegisteredHook.objects.get().remote_id == hook["id"]


def test_a_webhook_whose_making_was_not_answered_leaves_nothing_behind(account, team, ada, trello):
    fault(trello, "truncated", path=HOOKS, method="POST")
    with pytest.raises(Failed):
        make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(trello)) == 1
    RegisteredHook.drain()
    assert not hooks(trello) and not RegisteredHook.objects.exists()


def test_with_its_last_link_the_webhook_goes(link, trello):
    link.remove()
    RegisteredHook.drain()
    assert not hooks(trello) and not RegisteredHook.objects.exists()
    link.refresh_from_db()
    assert link.state == "removed"


def test_a_webhook_that_is_gone_already_is_no_trouble(link, trello):
    visitor.act(trello, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_trello_drops_a_webhook_whose_link_was_removed(link, trello):
    link.remove()
    assert moves(trello) == [410]
    assert not hooks(trello) and standing() == []


def test_with_another_board_another_webhook_would_be_made(link):
    with pytest.raises(Never, match="invalid value for idModel"):
        change_link(link, CONFIG | {"board": "184200000000000000000002|Steam"})
    link.refresh_from_db()
    assert link.subject == BOARD["id"]


# It is in trouble.


def test_a_token_that_was_revoked_there_stops_the_link_until_somebody_connects_again(
    link, window, trello
):
    visitor.act(trello, "revoke", account="ada")
    with pytest.raises(Failed, match=r"Trello no longer accepts our access \(invalid token\)\."):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect" and not hooks(trello)
    connect(window)
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert moves(trello) == [200] and len(standing()) == 1


def test_what_a_token_may_not_do_is_no_reason_to_connect_again(account):
    """To end itself takes a token that may write."""
    with pytest.raises(NeedsPermission, match=r"\(unauthorized permission requested\)"):
        account.client().delete("")
    account.refresh_from_db()
    assert account.state == "active"


def test_after_too_many_calls_it_is_tried_again_later(link, trello):
    fault(trello, "429", path=HOOKS)
    with pytest.raises(Again, match="Trello wants fewer calls") as told:
        reconciling.check(link.registered_hook)
    assert told.value.after
    link.refresh_from_db()
    assert link.state == "active"


def test_trello_that_is_out_of_order_changes_nothing(link, trello):
    fault(trello, "500", path=HOOKS)
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active" and len(hooks(trello)) == 1
