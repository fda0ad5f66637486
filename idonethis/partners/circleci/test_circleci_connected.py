"""CircleCI over real HTTP: somebody types a token, links a project, and is in trouble and out of
it. It sends to a server of ours that listens meanwhile."""

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
from idonethis.integrations.models.making import change_link, make_link
from idonethis.integrations.tests.coming import standing, work
from idonethis.integrations.tests.connected import hooks, token, typed
from idonethis.partners.circleci import api
from idonethis.partners.circleci.integration import integration
from idonethis.simulators import visitor
from idonethis.simulators.planning.circleci import ALONE, API, PROJECT
from idonethis.simulators.planning.circleci import CircleCI as PretendCircleCI
from idonethis.simulators.running import running

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("server", "circleci"),
]

SLUG = PROJECT["slug"]
CONFIG = {"project": f"{SLUG}|analytical/engine"}
#: What the form sends where nobody changes it.
USUAL = {
    name: value
    for name, value in integration.defaults.items()
    if name != "project" and value not in (None, False, "")
}
BECOMES = "Deployed engine from main"
HOOKS = f"{API}/webhook*"
connect = partial(typed, "circleci")


@pytest.fixture
def circleci(monkeypatch):
    with running(PretendCircleCI()) as url:
        monkeypatch.setenv("CIRCLECI_API_URL", url + API)
        yield url


@pytest.fixture
def account(window, circleci):
    assert connect(window, token(circleci)).status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def link(account, team, ada):
    return make_link(integration, team, user=ada, integration_user=account, config=CONFIG)


def ends(circleci, *, by="ada", action="finish"):
    """A workflow ends; returns what we answered."""
    answers = visitor.act(circleci, action, thing="w-1", by=by)["answers"]
    work()
    return answers


def fault(circleci, kind, **more):
    visitor.act(circleci, "faults", fault=kind, path=HOOKS, **more)


def calls(circleci, method):
    said = visitor.read(circleci, "journal")["calls"]
    return [each for each in said if each["method"] == method and "/webhook" in each["path"]]


# Somebody lets us in.


def test_whoever_types_a_token_is_who_they_are_there_and_it_is_sealed(account, ada):
    assert (account.user, account.uid) == (ada, "1815")
    assert (account.login, account.name) == ("ada", "Ada Lovelace")
    assert account.secrets["token"] not in str(IntegrationUser.objects.values().get())


def test_a_token_that_is_refused_connects_nobody(window):
    said = connect(window, "guessed").content.decode()
    assert "CircleCI takes this token no longer (Invalid token provided.)" in said
    assert "Nothing was connected." in said
    assert not IntegrationUser.objects.exists()


# A project is linked.


def test_projects_that_were_built_last_are_offered_by_name(account):
    offered = integration.choices("project", "", account.client())
    said = [(choice.value, choice.label) for choice in offered]
    assert said == [
        (CONFIG["project"], "analytical/engine"),
        (f"{ALONE['slug']}|Night Shift/mill", "Night Shift/mill"),
    ]
    (choice,) = integration.choices("project", "MILL", account.client())
    assert choice.label == "Night Shift/mill"
    assert not integration.choices("project", "steam", account.client())


@pytest.mark.parametrize("typed", [SLUG, "github/analytical/engine", "gh/Analytical/Engine"])
def test_any_project_is_found_by_its_slug_and_offered_as_circleci_calls_it(typed, account):
    (choice,) = integration.choices("project", typed, account.client())
    assert choice.value == CONFIG["project"]


def test_a_slug_that_nobody_has_finds_nothing(account):
    assert not integration.choices("project", "gh/analytical/steam", account.client())


def test_the_form_makes_the_webhook_and_names_the_link(window, account, circleci):
    form = {**USUAL, "team": "analytical-engines", "account": account.hash_id, **CONFIG}
    assert window.post("/integrations/circleci/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == "analytical/engine"
    (hook,), ours = hooks(circleci), RegisteredHook.objects.get()
    assert (hook["url"], hook["secret"]) == (ours.url, ours.signing_secret)
    assert hook["scope"] == {"id": PROJECT["id"], "type": "project"}
    assert set(hook["events"]) == {"workflow-completed", "job-completed"}
    assert hook["verify-tls"] is True and hook["secret"]


def test_without_a_project_nothing_is_linked(window, account, circleci):
    form = {**USUAL, "team": "analytical-engines", "account": account.hash_id}
    answer = window.post("/integrations/circleci/link", form)
    assert "Pick the project whose deployments are to be logged." in answer.content.decode()
    assert not IntegrationLink.objects.exists() and not hooks(circleci)


def test_a_project_has_one_name_here_however_it_is_typed(account, team, ada, circleci):
    config = {"project": "github/analytical/engine"}
    with pytest.raises(Never, match=f"CircleCI calls this project “{SLUG}”. Type it so"):
        make_link(integration, team, user=ada, integration_user=account, config=config)
    assert not IntegrationLink.objects.exists() and not hooks(circleci)
    made = make_link(
        integration, team, user=ada, integration_user=account, config={"project": SLUG}
    )
    assert made.subject == SLUG and len(hooks(circleci)) == 1


@pytest.mark.parametrize("slug", ["gh/../me", "gh/analytical/..", "gh/a/b/c", "42", "gh/a/b?x=1"])
def test_what_is_no_slug_is_not_asked_for(slug, account, circleci):
    before = len(visitor.read(circleci, "journal")["calls"])
    with pytest.raises(Never, match="is no slug of a project"):
        integration.check({"project": slug}, account.client())
    assert len(visitor.read(circleci, "journal")["calls"]) == before


def test_a_deployment_is_a_done_of_who_set_it_going_who_is_known_at_once(link, circleci, ada):
    assert ends(circleci) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.team) == (BECOMES, ada, link.team)
    assert ends(circleci, action="reopen") == [200]
    assert Entry.objects.count() == 1


def test_what_nobody_signed_is_refused(link):
    sent = Client(link.registered_hook.url).send("POST", "", json={"type": "workflow-completed"})
    assert sent.status == 401 and standing() == []


def test_however_many_teams_link_a_project_it_has_one_webhook(link, account, ada, circleci):
    for name in ("Night Shift", "Day Shift"):
        other = link.team.__class__.objects.create(name=name)
        other.join(ada, "admin")
        make_link(integration, other, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(circleci)) == len(calls(circleci, "POST")) == 1
    assert ends(circleci) == [200] and Entry.objects.count() == 3


def test_another_project_has_another_webhook_and_the_one_before_goes(link, circleci):
    change_link(link, CONFIG | {"project": f"{ALONE['slug']}|Night Shift/mill"})
    RegisteredHook.drain()
    (hook,) = hooks(circleci)
    assert hook["scope"]["id"] == ALONE["id"]


@pytest.mark.parametrize(("who", "failure"), [("grace", NeedsPermission), ("mallory", Gone)])
def test_nobody_links_what_is_not_theirs_to_link(who, failure, window, grace, mallory, circleci):
    """Grace is no admin there, and Mallory does not see the project."""
    person = {"grace": grace, "mallory": mallory}[who]
    window.force_login(person)
    connect(window, token(circleci, who))
    theirs, team = IntegrationUser.objects.get(), person.memberships.model.team.field.related_model
    other = team.objects.create(name="Night Shift")
    other.join(person, "admin")
    with pytest.raises(failure):
        make_link(integration, other, user=person, integration_user=theirs, config=CONFIG)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()
    assert not hooks(circleci)


def test_a_sixth_webhook_is_refused_and_the_refusal_is_said(account, team, ada, circleci):
    for number in range(5):
        api.create_hook(
            account.client(), SLUG, url=f"https://ci.example.org/{number}", secret="s", remote_id=""
        )
    with pytest.raises(Never, match=r"does not take this \(There are five webhooks"):
        make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    assert not IntegrationLink.objects.exists() and len(hooks(circleci)) == 5


def test_a_link_by_hand_stays_possible(window, team, circleci):
    page = window.get("/integrations/circleci/link?by=hand").content.decode()
    assert 'name="project"' not in page and 'name="deploys"' in page
    window.post("/integrations/circleci/link", {**USUAL, "team": team.slug, "by": "hand"})
    made = IntegrationLink.objects.get()
    assert made.registered_hook is None and made.signing_secret and made.state == "active"
    assert not hooks(circleci)


def test_where_the_webhooks_are_a_person_sees_on_one_page():
    page = "https://app.circleci.com/settings/project"
    assert integration.hooks_page(SLUG) == f"{page}/github/analytical/engine/webhooks"
    assert integration.hooks_page(ALONE["slug"]) == f"{page}/circleci/oRg1/pRo1/webhooks"


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, circleci):
    before = hooks(circleci)
    reconciling.check(link.registered_hook)
    assert hooks(circleci) == before and not Repair.objects.exists()
    assert not calls(circleci, "PUT")


@pytest.mark.parametrize(
    ("repair", "name", "value"),
    [
        ("events", "events", ["job-completed"]),
        ("address", "url", "https://elsewhere.example.org"),
        ("settings", "verify-tls", False),
    ],
)
def test_a_webhook_that_somebody_changed_is_put_right(repair, name, value, link, circleci):
    before = hooks(circleci)
    visitor.act(circleci, "edit_hooks", field=name, value=value)
    reconciling.check(link.registered_hook)
    assert hooks(circleci) == before
    assert Repair.objects.get().kind == repair
    assert ends(circleci) == [200]


def test_a_webhook_that_somebody_removed_is_made_again(link, circleci):
    visitor.act(circleci, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert ends(circleci) == [200] and standing() == [BECOMES]


def test_a_webhook_whose_name_got_lost_on_the_way_is_found_by_its_address(link, circleci):
    visitor.act(circleci, "forget_hooks")
    fault(circleci, "truncated", method="POST")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    reconciling.check(link.registered_hook)
    (hook,) = hooks(circleci)
    assert RegisteredHook.objects.get().remote_id == hook["id"]


def test_a_new_secret_is_brought_there(link, circleci):
    before = link.registered_hook.signing_secret
    link.registered_hook.rotate_secret()
    (hook,) = hooks(circleci)
    assert hook["secret"] == RegisteredHook.objects.get().signing_secret != before
    assert ends(circleci) == [200]


# It goes.


def test_a_webhook_whose_making_was_not_answered_leaves_nothing_behind(
    account, team, ada, circleci
):
    fault(circleci, "truncated", method="POST")
    with pytest.raises(Failed):
        make_link(integration, team, user=ada, integration_user=account, config=CONFIG)
    assert len(hooks(circleci)) == 1
    RegisteredHook.drain()
    assert not hooks(circleci) and not RegisteredHook.objects.exists()


def test_with_its_last_link_the_webhook_goes_and_others_stay(link, account, circleci):
    api.create_hook(account.client(), SLUG, url="https://ci.example.org", secret="s", remote_id="")
    link.remove()
    RegisteredHook.drain()
    assert [hook["url"] for hook in hooks(circleci)] == ["https://ci.example.org"]
    assert not RegisteredHook.objects.exists()
    link.refresh_from_db()
    assert link.state == "removed"


def test_what_cannot_be_removed_now_goes_once_circleci_is_back(link, circleci):
    fault(circleci, "500", method="DELETE")
    link.remove()
    RegisteredHook.drain()
    link.refresh_from_db()
    assert len(hooks(circleci)) == 1 and link.state == "removing"
    assert RegisteredHook.objects.get().trouble == "CircleCI answered 500."
    assert ends(circleci) == [410] and standing() == []
    RegisteredHook.objects.update(due_at=timezone.now())
    RegisteredHook.drain()
    link.refresh_from_db()
    assert not hooks(circleci) and link.state == "removed"


def test_a_webhook_that_is_gone_already_is_no_trouble(link, circleci):
    visitor.act(circleci, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_with_a_project_that_is_gone_its_webhooks_are_gone(link, account, circleci):
    visitor.act(circleci, "drop", thing="w-1")
    known = {"url": link.registered_hook.url, "remote_id": link.registered_hook.remote_id}
    assert integration.destroy_hook(account.client(), SLUG, **known) is None


# It is in trouble.


def test_a_token_that_was_revoked_stops_the_link_until_somebody_types_another(
    link, window, circleci
):
    visitor.act(circleci, "revoke", account="ada")
    with pytest.raises(NeedsReconnect, match="takes this token no longer"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window, token(circleci))
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert ends(circleci) == [200] and standing() == [BECOMES]


def test_after_too_many_calls_it_is_tried_again_when_circleci_says(link, circleci):
    fault(circleci, "429", retry_after=90)
    with pytest.raises(Again, match="wants fewer calls") as told:
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert (told.value.after, link.state) == (90, "active")


def test_circleci_that_is_out_of_order_changes_nothing(link, circleci):
    fault(circleci, "500")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active" and len(hooks(circleci)) == 1


def test_a_project_that_is_gone_is_said_to_be_gone(link, circleci):
    visitor.act(circleci, "drop", thing="w-1")
    RegisteredHook.objects.update(check_at=timezone.now())
    assert reconciling.drain() == 1
    link.refresh_from_db()
    assert link.state == "target_gone" and "does not know this" in link.trouble


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
def test_each_refusal_has_its_meaning_and_its_sentence(status, failure):
    answer = Answer(status, body=b'{"message": "for a reason"}')
    with pytest.raises(failure, match=r"CircleCI .*\(for a reason\)") as told:
        integration.answers.judge(answer, partner="CircleCI")
    assert type(told.value) is failure
