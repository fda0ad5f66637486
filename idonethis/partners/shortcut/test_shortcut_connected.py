"""Shortcut over real HTTP: somebody types a token, links their workspace, and is in trouble and out
of it. It sends to a server of ours that listens meanwhile."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.http import (
    Again,
    Answer,
    Client,
    Failed,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
)
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    RegisteredHook,
    Repair,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.coming import standing, work
from idonethis.integrations.tests.connected import hooks, token, typed
from idonethis.partners.shortcut.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.shortcut import API, HOOKS
from idonethis.simulators.planning.shortcut import Shortcut as PretendShortcut
from idonethis.simulators.running import running
from idonethis.teams.models import Team

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("server", "shortcut"),
]

CONFIG = {"workspace": "engines"}
#: What the form sends where nobody changes it.
USUAL = {
    name: value
    for name, value in integration.defaults.items()
    if name != "workspace" and value not in (None, False, "")
}
BECOMES = "Completed “Oil the mill” (sc-12)"
connect = partial(typed, "shortcut")


@pytest.fixture
def shortcut(monkeypatch):
    with running(PretendShortcut()) as url:
        monkeypatch.setenv("SHORTCUT_API_URL", url + API)
        yield url


@pytest.fixture
def account(window, shortcut):
    assert connect(window, token(shortcut)).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def moves(shortcut, *, by="ada", action="finish"):
    """Somebody moves the story; returns what we answered."""
    answers = visitor.act(shortcut, action, thing="12", by=by)["answers"]
    work()
    return answers


def fault(shortcut, kind, **more):
    visitor.act(shortcut, "faults", fault=kind, path=f"{HOOKS}*", **more)


def teamless(person):
    other = Team.objects.create(name="Night Shift")
    other.join(person, "admin")
    return other


# Somebody lets us in.


def test_whoever_types_a_token_is_who_they_are_there_and_it_is_sealed(account, ada):
    assert (account.user, account.uid) == (ada, "1815")
    assert (account.login, account.name) == ("ada", "Ada Lovelace")
    assert account.secrets["token"] not in str(IntegrationUser.objects.values().get())


def test_a_token_that_is_refused_connects_nobody(window):
    said = connect(window, "guessed").content.decode()
    assert "Shortcut takes this token no longer (Unauthorized)" in said
    assert "Nothing was connected." in said
    assert not IntegrationUser.objects.exists()


# A workspace is linked.


def test_the_workspace_of_the_token_is_offered(account):
    (choice,) = integration.choices("workspace", "ENG", account.client())
    assert (choice.value, choice.label) == ("engines", "engines")
    assert not integration.choices("workspace", "steam", account.client())


def test_the_form_makes_the_webhook_and_names_the_link(window, account, shortcut):
    form = {**USUAL, "team": "analytical-engines", "account": account.hash_id, **CONFIG}
    assert window.post("/integrations/shortcut/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == "engines"
    (hook,), ours = hooks(shortcut), RegisteredHook.objects.get()
    assert (hook["url"], hook["secret"]) == (ours.url, ours.signing_secret)
    assert hook["secret"] and ours.remote_id == str(hook["id"])


def test_without_a_workspace_nothing_is_linked(window, account, shortcut):
    form = {**USUAL, "team": "analytical-engines", "account": account.hash_id}
    answer = window.post("/integrations/shortcut/link", form)
    assert "Pick the workspace whose work is to be logged." in answer.content.decode()
    assert not IntegrationLink.objects.exists() and not hooks(shortcut)


def test_a_completed_story_is_a_done_of_who_completes_it_who_is_known_at_once(link, shortcut, ada):
    assert moves(shortcut) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.team) == (BECOMES, ada, link.team)
    assert moves(shortcut, action="reopen") == [200]
    assert standing() == []


def test_what_nobody_signed_is_refused(link):
    sent = Client(link.registered_hook.url).send("POST", "", json={"actions": []})
    assert sent.status == 401 and standing() == []


def test_however_many_teams_link_a_workspace_it_has_one_webhook(link, account, ada, shortcut):
    for name in ("Night Shift", "Day Shift"):
        other = Team.objects.create(name=name)
        other.join(ada, "admin")
        make_link(integration, other, user=ada, integration_user=account, config=CONFIG)
    (hook,) = hooks(shortcut)
    assert RegisteredHook.objects.get().remote_id == str(hook["id"])
    assert moves(shortcut) == [200] and Entry.objects.count() == 3


def test_an_observer_hears_that_it_takes_more_and_nothing_is_linked(window, grace, shortcut):
    window.force_login(grace)
    connect(window, token(shortcut, "grace"))
    hers, other = IntegrationUser.objects.get(), teamless(grace)
    with pytest.raises(NeedsPermission, match="a member of the workspace who is no observer"):
        make_link(integration, other, user=grace, integration_user=hers, config=CONFIG)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


def test_nobody_touches_a_workspace_that_is_not_theirs(link, window, mallory, shortcut):
    before = hooks(shortcut)
    window.force_login(mallory)
    connect(window, token(shortcut, "mallory"))
    theirs, other = IntegrationUser.objects.get(uid="1666"), teamless(mallory)
    with pytest.raises(NeedsPermission, match="is of the workspace outsiders, not of engines"):
        make_link(integration, other, user=mallory, integration_user=theirs, config=CONFIG)
    ours, client = link.registered_hook, theirs.client()
    known = {"url": ours.url, "remote_id": ours.remote_id}
    for act in (integration.standing_hook, integration.destroy_hook):
        with pytest.raises(NeedsPermission):
            act(client, "engines", **known)
    with pytest.raises(NeedsPermission):
        integration.create_hook(client, "engines", **known, secret=ours.signing_secret)
    assert hooks(shortcut) == before and IntegrationLink.objects.get() == link


def test_a_link_by_hand_stays_possible(window, team, shortcut):
    page = window.get("/integrations/shortcut/link?by=hand").content.decode()
    assert 'name="workspace"' not in page
    window.post("/integrations/shortcut/link", {**USUAL, "team": team.slug, "by": "hand"})
    made = IntegrationLink.objects.get()
    assert made.registered_hook is None and made.signing_secret and made.state == "active"
    assert not hooks(shortcut)


def test_where_the_webhooks_are_a_person_sees_on_one_page():
    page = "https://app.shortcut.com/engines/settings/integrations"
    assert integration.hooks_page("engines") == page


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, shortcut):
    before = hooks(shortcut)
    reconciling.check(link.registered_hook)
    assert hooks(shortcut) == before and not Repair.objects.exists()


@pytest.mark.parametrize(
    ("repair", "name", "value"),
    [
        ("address", "url", "https://elsewhere.example.org"),
        ("switched_on", "disabled", True),
        ("settings", "secret", ""),
    ],
)
def test_in_place_of_a_webhook_that_somebody_changed_another_stands(
    repair, name, value, link, shortcut
):
    (before,) = hooks(shortcut)
    visitor.act(shortcut, "edit_hooks", field=name, value=value)
    reconciling.check(link.registered_hook)
    (hook,) = hooks(shortcut)
    assert hook["id"] != before["id"] and hook[name] == before[name]
    assert Repair.objects.get().kind == repair
    assert moves(shortcut) == [200]


def test_a_webhook_that_somebody_removed_is_made_again(link, shortcut):
    visitor.act(shortcut, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert moves(shortcut) == [200] and standing() == [BECOMES]


def test_a_new_secret_comes_with_another_webhook_and_the_one_before_goes(link, shortcut):
    before = link.registered_hook.signing_secret
    link.registered_hook.rotate_secret()
    (hook,) = hooks(shortcut)
    assert hook["secret"] == RegisteredHook.objects.get().signing_secret != before
    assert moves(shortcut) == [200]


def test_one_that_could_not_go_in_time_goes_at_the_next_look(link, shortcut):
    fault(shortcut, "500", method="DELETE")
    link.registered_hook.rotate_secret()
    assert len(hooks(shortcut)) == 2
    reconciling.check(RegisteredHook.objects.get())
    (hook,) = hooks(shortcut)
    assert RegisteredHook.objects.get().remote_id == str(hook["id"])


# It goes.


def test_with_its_last_link_the_webhook_goes(link, shortcut):
    link.remove()
    RegisteredHook.drain()
    assert not hooks(shortcut) and not RegisteredHook.objects.exists()
    link.refresh_from_db()
    assert link.state == "removed"


def test_what_cannot_be_removed_now_goes_once_shortcut_is_back(link, shortcut):
    fault(shortcut, "500", method="DELETE")
    link.remove()
    RegisteredHook.drain()
    link.refresh_from_db()
    assert len(hooks(shortcut)) == 1 and link.state == "removing"
    assert RegisteredHook.objects.get().trouble == "Shortcut answered 500."
    assert moves(shortcut) == [410] and standing() == []
    RegisteredHook.objects.update(due_at=timezone.now())
    RegisteredHook.drain()
    link.refresh_from_db()
    assert not hooks(shortcut) and link.state == "removed"


def test_a_webhook_that_is_gone_already_is_no_trouble(link, shortcut):
    visitor.act(shortcut, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_who_loses_the_answer_hears_where_to_look_for_one_too_many(account, team, ada, shortcut):
    fault(shortcut, "truncated", method="POST")
    with pytest.raises(Again, match="look there under Settings → Integrations → Webhooks"):
        make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    RegisteredHook.drain()
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


# It is in trouble.


def test_a_token_that_was_revoked_stops_the_link_until_somebody_types_another(
    link, window, shortcut
):
    visitor.act(shortcut, "revoke", account="ada")
    with pytest.raises(NeedsReconnect, match="takes this token no longer"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window, token(shortcut))
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert moves(shortcut) == [200] and standing() == [BECOMES]


@pytest.mark.parametrize(("kind", "sentence"), [("429", "wants fewer calls"), ("500", "500")])
def test_shortcut_that_is_busy_or_out_of_order_changes_nothing(kind, sentence, link, shortcut):
    before = hooks(shortcut)
    fault(shortcut, kind)
    with pytest.raises(Failed, match=sentence) as told:
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert type(told.value) is Again
    assert link.state == "active" and hooks(shortcut) == before


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, Never),
        (401, NeedsReconnect),
        (403, NeedsPermission),
        (404, Gone),
        (422, Never),
        (429, Again),
    ],
)
def test_each_refusal_has_its_meaning(status, failure):
    with pytest.raises(failure, match="Shortcut") as told:
        integration.answers.judge(Answer(status, body=b'{"message": "so"}'), partner="Shortcut")
    assert type(told.value) is failure
