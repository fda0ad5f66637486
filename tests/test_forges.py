"""Every partner on servers of people's own, over real HTTP: let in by what somebody types, at an
address that they type, linked, in trouble and out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations import registry
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
from idonethis.integrations.kits.servers import AtServers
from idonethis.integrations.models import (
    IntegrationLink,
    IntegrationUser,
    OutgoingHold,
    RegisteredHook,
    Repair,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.tests.coming import work
from idonethis.integrations.tests.listening import listening
from idonethis.simulators import visitor
from idonethis.simulators.planning import (
    azure_devops,
    bitbucket_server,
    gitea,
    gitlab,
    jira_server,
    taiga,
)
from idonethis.simulators.planning.forge import NAME, Forge
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db(transaction=True)


def by_token(partner, who):
    return {"token": token(partner, who)}


def by_password(partner, who):
    return {"username": who, "password": taiga.PASSWORD}


@dataclass(frozen=True)
class Row:
    """``place`` is what is picked, and ``subject`` what it is called below the address. ``spoilt``
    are changes that somebody makes to a webhook there, each with the repair that it asks for.
    ``becomes`` is the entry of what is finished there, and ``page`` shows webhooks to people.
    ``home`` is where the partner lies at its server, ``parts`` of how many a webhook is made. What
    this person types to let us in is ``proof``."""

    simulator: type[Forge]
    place: str
    subject: str
    spoilt: tuple[tuple[str, str, Any], ...]
    page: str
    name: str = NAME
    becomes: str = "Closed “Oil the mill” (#3)"
    home: str = ""
    parts: int = 1
    proof: Callable[[str, str], dict[str, str]] = by_token


ROWS = {
    "azure_devops": Row(
        azure_devops.AzureDevOps,
        "project",
        azure_devops.PROJECT,
        (
            ("events", "eventType", "build.complete"),
            ("address", "url", "https://elsewhere.example.org"),
            ("settings", "password", ""),
            ("settings", "user", "somebody"),
            ("settings", "publisher", {"projectId": azure_devops.PROJECT, "branch": "wheel"}),
            ("settings", "publisher", {"projectId": "another"}),
            ("settings", "consumer", {"resourceDetailsToSend": "none"}),
            ("switched_on", "status", "disabledBySystem"),
        ),
        page=f"engines/{azure_devops.PROJECT}/_settings/serviceHooks",
        name="Analytical",
        becomes="Finished the task “Oil the mill” (#3)",
        home=azure_devops.HOME,
        parts=4,
    ),
    "bitbucket_server": Row(
        bitbucket_server.BitbucketServer,
        "repository",
        bitbucket_server.SUBJECT,
        (
            ("events", "events", ["repo:refs_changed"]),
            ("address", "url", "https://elsewhere.example.org"),
            ("settings", "configuration", {}),
            ("settings", "sslVerificationRequired", False),
            ("switched_on", "active", False),
        ),
        page="plugins/servlet/webhooks/projects/ENG/repos/engine",
        name="ENG/engine",
        becomes="Merged “Oil the mill” (#3)",
    ),
    "gitea": Row(
        gitea.Gitea,
        "repository",
        NAME,
        (
            ("events", "events", ["push", "fork"]),
            ("address", "url", "https://elsewhere.example.org"),
            ("settings", "content_type", "form"),
            ("settings", "branch_filter", "release/*"),
            ("switched_on", "active", False),
        ),
        page=f"{NAME}/settings/hooks",
    ),
    "gitlab": Row(
        gitlab.GitLab,
        "project",
        str(gitlab.PROJECT),
        (
            ("events", "issues_events", False),
            ("address", "url", "https://elsewhere.example.org"),
            ("settings", "enable_ssl_verification", False),
            ("settings", "push_events_branch_filter", "release/*"),
            ("settings", "signing_token", ""),
            ("switched_on", "alert_status", "disabled"),
        ),
        page="projects/42",
    ),
    "jira_server": Row(
        jira_server.JiraServer,
        "project",
        jira_server.PROJECT["id"],
        (
            ("events", "events", ["jira:issue_created"]),
            ("address", "url", "https://elsewhere.example.org"),
            ("settings", "configuration", {"EXCLUDE_BODY": "true"}),
            ("settings", "sslVerificationRequired", False),
            ("switched_on", "active", False),
        ),
        page="plugins/servlet/webhooks",
        name="Engines (ENG)",
        becomes="Completed “Oil the mill” (ENG-3)",
    ),
    "taiga": Row(
        taiga.Taiga,
        "project",
        f"project/{taiga.SLUG}",
        (("address", "url", "https://elsewhere.example.org"), ("settings", "key", "")),
        page=f"project/{taiga.SLUG}/admin/third-parties/webhooks",
        name="Engines",
        proof=by_password,
    ),
}


def test_each_of_them_has_its_row():
    asked = {k for k, each in registry.integrations().items() if isinstance(each, AtServers)}
    assert asked == set(ROWS)


@pytest.fixture(params=ROWS)
def kind(request):
    return request.param


@pytest.fixture
def row(kind):
    return ROWS[kind]


@pytest.fixture
def integration(kind):
    return registry.integrations()[kind]


@pytest.fixture(autouse=True)
def server(settings):
    with listening() as url:
        settings.BASE_URL = url
        yield url


@pytest.fixture
def partner(row):
    with running(row.simulator()) as url:
        yield url


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


def token(partner, who="ada"):
    return visitor.act(partner, "let_in", account=who)["access_token"]


def connect(window, kind, site, who="ada"):
    return typed(window, kind, site, ROWS[kind].proof(site.rstrip("/"), who))


def typed(window, kind, site, proof):
    """Types it on the page, as a person does."""
    at = f"{site.rstrip('/')}{ROWS[kind].home}/"
    form = {"team": "analytical-engines", "site": at, **proof}
    return window.post(f"/auth/{kind}/typed", form)


@pytest.fixture
def account(window, kind, partner):
    assert connect(window, kind, f"{partner}/").status_code == 302
    return IntegrationUser.objects.get()


@pytest.fixture
def config(row, partner):
    return {row.place: f"{partner}{row.home}/{row.subject}|{row.name}"}


@pytest.fixture
def link(integration, account, team, ada, config):
    return make_link(integration, team, user=ada, integration_user=account, config=config)


@pytest.fixture
def filled(integration):
    """The form as it stands before anybody changes it."""
    initial = integration.defaults.items()
    return {name: value for name, value in initial if value not in (None, False, "")}


def hooks(partner):
    return list(visitor.read(partner, "hooks").values())


def closes(partner, *, by="ada", action="finish"):
    """Somebody closes the issue; returns what we answered."""
    answers = visitor.act(partner, action, thing="3", by=by)["answers"]
    work()
    return answers


def standing():
    return [entry.body for entry in Entry.objects.alive()]


def fault(partner, kind, **more):
    visitor.act(partner, "faults", fault=kind, path="*hooks*", **more)


# Somebody lets us in.


def test_whoever_types_a_token_is_who_they_are_there_and_it_is_sealed(account, ada, partner, row):
    assert (account.user, account.name) == (ada, "Ada Lovelace")
    assert account.login.startswith("ada")
    assert account.uid == f"{partner.removeprefix('http://')}/1815"
    assert account.secrets["site"] == f"{partner}{row.home}"
    sealed = str(IntegrationUser.objects.values().get())
    assert not any(said in sealed for name, said in account.secrets.items() if name != "site")


def test_a_token_that_is_refused_connects_nobody(window, kind, partner):
    proof = ROWS[kind].proof(partner, "ada")
    answer = typed(window, kind, partner, proof | {[*proof][-1]: "guessed"})
    assert answer.status_code >= 400
    assert "Nothing was connected." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


def test_an_address_inside_a_network_is_asked_nothing(window, kind, partner, settings):
    settings.ALLOWED_ADDRESSES = []
    proof = dict.fromkeys(ROWS[kind].proof(partner, "ada"), "a-token")
    answer = typed(window, kind, partner.replace("127.0.0.1", "127.0.0.2"), proof)
    assert "An administrator can allow it with ALLOWED_ADDRESSES." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


def test_an_account_that_somebody_else_has_connected_stays_theirs(
    account, client, mallory, kind, partner
):
    client.force_login(mallory)
    answer = connect(client, kind, partner)
    assert "already connected by somebody else" in answer.content.decode()
    assert IntegrationUser.objects.get().user != mallory


# A project is linked.


def test_what_can_be_linked_is_offered_by_name(integration, account, row, config):
    (choice,) = integration.choices(row.place, row.name.lower()[:6], account.client())
    assert (choice.value, choice.label, choice.barred) == (config[row.place], row.name, "")
    assert not integration.choices(row.place, "steam", account.client())


def test_the_form_makes_the_webhook_and_names_the_link(
    window, kind, account, partner, config, filled, row
):
    form = {**filled, "team": "analytical-engines", "account": account.hash_id, **config}
    assert window.post(f"/integrations/{kind}/link", form).status_code == 302
    assert IntegrationLink.objects.get().short_name == row.name
    assert len(hooks(partner)) == row.parts
    assert {hook["url"] for hook in hooks(partner)} == {RegisteredHook.objects.get().url}


def test_without_a_pick_nothing_is_linked(window, kind, account, partner, row, filled):
    form = {**filled, "team": "analytical-engines", "account": account.hash_id}
    answer = window.post(f"/integrations/{kind}/link", form)
    assert f"Pick the {row.place} whose work is to be logged." in answer.content.decode()
    assert not IntegrationLink.objects.exists() and not hooks(partner)


def test_what_is_closed_there_is_a_done_of_who_closes_it(link, partner, ada, row):
    assert closes(partner) == [200]
    entry = Entry.objects.get()
    assert (entry.body, entry.user, entry.team) == (row.becomes, ada, link.team)
    assert closes(partner, action="reopen") == [200]
    assert standing() == []


def test_what_nobody_signed_is_refused(link):
    sent = Client(link.registered_hook.url).send("POST", "", json={"object_kind": "issue"})
    assert sent.status == 401 and standing() == []


def test_whoever_may_not_make_webhooks_hears_it_and_nothing_is_linked(
    integration, kind, team, grace, client, partner, config
):
    client.force_login(grace)
    connect(client, kind, partner, "grace")
    hers = IntegrationUser.objects.get()
    with pytest.raises(NeedsPermission):
        make_link(integration, team, user=grace, integration_user=hers, config=config)
    assert not IntegrationLink.objects.exists() and not RegisteredHook.objects.exists()


def test_a_second_team_shares_the_webhook(link, integration, account, ada, partner, config, row):
    other = link.team.__class__.objects.create(name="Night Shift")
    other.join(ada, "admin")
    make_link(integration, other, user=ada, integration_user=account, config=config)
    assert len(hooks(partner)) == row.parts
    assert closes(partner) == [200] and Entry.objects.count() == 2


def test_the_secret_of_a_webhook_is_told_to_no_other_server(
    link, integration, kind, row, mallory, client, config
):
    """Mallory runs a server of her own, and says that she picked what lies at Ada's."""
    with running(row.simulator()) as evil:
        client.force_login(mallory)
        connect(client, kind, evil)
        hers = IntegrationUser.objects.get(user=mallory)
        team = link.team.__class__.objects.create(name="Outsiders")
        team.join(mallory, "admin")
        with pytest.raises(NeedsPermission, match="lies at another server"):
            make_link(integration, team, user=mallory, integration_user=hers, config=config)
        for call in (integration.standing_hook, integration.destroy_hook):
            with pytest.raises(NeedsPermission):
                call(hers.client(), link.subject, url="https://x", remote_id="9001")
        with pytest.raises(NeedsPermission):
            integration.create_hook(
                hers.client(), link.subject, url="https://x", secret=link.signing_secret
            )
        assert hooks(evil) == []
        assert "hooks" not in str(visitor.read(evil, "journal"))


def test_a_link_by_hand_stays_possible(window, kind, team, row, filled):
    page = window.get(f"/integrations/{kind}/link?by=hand").content.decode()
    assert f'name="{row.place}"' not in page
    window.post(f"/integrations/{kind}/link", {**filled, "team": team.slug, "by": "hand"})
    made = IntegrationLink.objects.get()
    assert made.registered_hook is None and made.signing_secret and made.state == "active"


def test_its_webhooks_can_be_found_by_hand(integration, link, partner, row):
    page = integration.hooks_page(link.registered_hook.subject)
    assert page == f"{partner}/{row.page}"


# It is looked after.


def test_a_webhook_that_stands_is_left_as_it_is(link, partner):
    before = hooks(partner)
    reconciling.check(link.registered_hook)
    assert hooks(partner) == before and not Repair.objects.exists()


def test_a_webhook_that_somebody_changed_is_put_right(link, partner, row):
    for repair, name, value in row.spoilt:
        visitor.act(partner, "edit_hooks", field=name, value=value)
        reconciling.check(RegisteredHook.objects.get())
        assert len(hooks(partner)) == row.parts
        assert all(hook[name] != value for hook in hooks(partner)), name
        assert Repair.objects.latest("pk").kind == repair, name
        assert closes(partner) == [200]


def test_a_webhook_that_somebody_removed_is_made_again(link, partner, row):
    visitor.act(partner, "forget_hooks")
    reconciling.check(link.registered_hook)
    assert closes(partner) == [200] and standing() == [row.becomes]


def test_a_new_secret_is_brought_there(link, partner):
    before = link.registered_hook.signing_secret
    link.registered_hook.rotate_secret()
    after = RegisteredHook.objects.get().signing_secret
    assert before != after and before not in str(hooks(partner))
    assert closes(partner) == [200]


def test_a_webhook_whose_making_was_not_answered_leaves_nothing_behind(
    integration, account, team, ada, partner, config
):
    fault(partner, "truncated", method="POST")
    with pytest.raises(Failed):
        make_link(integration, team, user=ada, integration_user=account, config=config)
    assert len(hooks(partner)) == 1
    RegisteredHook.drain()
    assert not hooks(partner) and not RegisteredHook.objects.exists()


def test_with_its_last_link_the_webhook_goes(link, partner):
    link.remove()
    RegisteredHook.drain()
    assert not hooks(partner) and not RegisteredHook.objects.exists()
    link.refresh_from_db()
    assert link.state == "removed"


def test_a_webhook_that_is_gone_already_is_no_trouble(link, partner):
    visitor.act(partner, "forget_hooks")
    link.remove()
    RegisteredHook.drain()
    assert not RegisteredHook.objects.exists()


def test_while_the_partner_is_out_of_order_the_webhook_waits_to_be_removed(link, partner, row):
    fault(partner, "500")
    link.remove()
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removing" and len(hooks(partner)) == row.parts
    RegisteredHook.objects.update(due_at=timezone.now())
    RegisteredHook.drain()
    link.refresh_from_db()
    assert link.state == "removed" and not hooks(partner)


def test_where_its_place_is_gone_there_is_nothing_left_to_remove(
    link, integration, account, partner
):
    visitor.act(partner, "drop", thing="3")
    hook = link.registered_hook
    integration.destroy_hook(account.client(), hook.subject, url=hook.url, remote_id=hook.remote_id)


# It is in trouble.


def test_a_token_that_was_revoked_stops_the_link_until_somebody_connects_again(
    link, window, kind, partner, row
):
    visitor.act(partner, "revoke", account="ada")
    with pytest.raises(NeedsReconnect, match="takes this (token|login) no longer"):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    connect(window, kind, partner)
    link.refresh_from_db()
    assert link.state == "active"
    reconciling.check(RegisteredHook.objects.get())
    assert closes(partner) == [200] and standing() == [row.becomes]


def test_after_too_many_calls_it_is_tried_again_when_the_partner_says(link, partner):
    fault(partner, "429", retry_after=90)
    with pytest.raises(Again, match="wants fewer calls") as told:
        reconciling.check(link.registered_hook)
    assert told.value.after == 90
    link.refresh_from_db()
    assert link.state == "active"


def test_a_partner_that_is_out_of_order_changes_nothing(link, partner, row):
    fault(partner, "500")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active" and len(hooks(partner)) == row.parts


def test_what_is_gone_there_is_said_to_be_gone(link, partner):
    visitor.act(partner, "drop", thing="3")
    RegisteredHook.objects.update(check_at=timezone.now())
    assert reconciling.drain() == 1
    link.refresh_from_db()
    assert link.state == "target_gone" and "does not know this" in link.trouble


@pytest.mark.parametrize(
    ("status", "failure"),
    [(301, Never), (401, NeedsReconnect), (403, NeedsPermission), (404, Gone), (422, Never)],
)
def test_each_refusal_has_its_meaning_and_its_sentence(integration, status, failure):
    there = {"location": "https://elsewhere.example.org/api"} if status == 301 else {}
    with pytest.raises(failure, match=integration.name) as told:
        integration.answers.judge(Answer(status, there), partner=integration.name)
    assert type(told.value) is failure and f"({status})" not in str(told.value)


# At Azure DevOps alone.


@pytest.mark.parametrize("kind", ["azure_devops"], indirect=True)
def test_each_kind_of_event_has_its_subscription_and_all_have_one_password(link, partner):
    stand = {hook["eventType"]: hook["password"] for hook in hooks(partner)}
    secret = str(RegisteredHook.objects.get().signing_secret)
    kinds = ("git.push", "git.pullrequest.merged", "workitem.updated", "workitem.deleted")
    assert stand == dict.fromkeys(kinds, secret)


@pytest.mark.parametrize("kind", ["azure_devops"], indirect=True)
def test_a_subscription_that_somebody_removed_is_made_again_and_the_others_stay(
    link, account, partner
):
    before = {hook["id"]: hook["eventType"] for hook in hooks(partner)}
    gone = next(pk for pk, event in before.items() if event == "workitem.updated")
    at = {"api-version": "6.0"}
    account.client().call("DELETE", f"/hooks/subscriptions/{gone}", params=at)
    reconciling.check(link.registered_hook)
    assert Repair.objects.get().kind == "events"
    after = {hook["id"] for hook in hooks(partner)}
    assert len(after) == 4 and after >= before.keys() - {gone}
    assert closes(partner) == [200]


@pytest.mark.parametrize("kind", ["azure_devops"], indirect=True)
def test_what_stands_twice_stands_once_afterwards_and_others_of_the_project_stay(
    link, account, partner
):
    first, *_ = hooks(partner)
    subscription = {
        "publisherId": "tfs",
        "eventType": first["eventType"],
        "consumerId": "webHooks",
        "publisherInputs": {"projectId": azure_devops.PROJECT},
    }
    for url in (first["url"], "https://ci.example.org"):
        to = {"basicAuthUsername": first["user"], "basicAuthPassword": first["password"]}
        wanted = {**subscription, "consumerInputs": {"url": url, **to}}
        account.client().call(
            "POST", "/hooks/subscriptions", params={"api-version": "6.0"}, json=wanted
        )
    reconciling.check(link.registered_hook)
    urls = [hook["url"] for hook in hooks(partner)]
    assert urls.count(first["url"]) == 4 and urls.count("https://ci.example.org") == 1
    link.remove()
    RegisteredHook.drain()
    assert [hook["url"] for hook in hooks(partner)] == ["https://ci.example.org"]


@pytest.mark.parametrize("kind", ["azure_devops"], indirect=True)
def test_where_a_later_subscription_is_refused_the_earlier_ones_go_again(
    integration, account, team, ada, partner, config
):
    visitor.act(partner, "become", option="refuses", value="workitem.deleted")
    with pytest.raises(Never, match="does not take this subscription"):
        make_link(integration, team, user=ada, integration_user=account, config=config)
    assert hooks(partner) == [] and not RegisteredHook.objects.exists()


@pytest.mark.parametrize("kind", ["azure_devops"], indirect=True)
def test_one_that_is_gone_already_does_not_keep_the_others(link, partner):
    visitor.act(partner, "become", option="lags", value="yes")
    link.remove()
    RegisteredHook.drain()
    assert hooks(partner) == []


@pytest.mark.parametrize("kind", ["azure_devops"], indirect=True)
def test_one_that_is_tried_again_by_itself_is_left_alone(link, partner):
    visitor.act(partner, "edit_hooks", field="status", value="onProbation")
    reconciling.check(link.registered_hook)
    assert not Repair.objects.exists()


@pytest.mark.parametrize("kind", ["azure_devops"], indirect=True)
def test_a_page_to_sign_in_is_no_answer_but_the_end_of_the_token(link, partner):
    visitor.act(partner, "become", option="signs_in", value="yes")
    visitor.act(partner, "revoke", account="ada")
    with pytest.raises(NeedsReconnect, match="takes this token no longer"):
        reconciling.check(link.registered_hook)
    with pytest.raises(NeedsReconnect):
        sent = {"location": "https://vssps.example.org/_signin?realm=dev"}
        registry.integrations()["azure_devops"].answers.judge(Answer(302, sent), partner="Azure")


@pytest.mark.parametrize("kind", ["azure_devops"], indirect=True)
def test_whom_everybody_is_shown_as_is_nobodys_account(window, kind, partner, row):
    visitor.act(partner, "become", option="anonymous", value="yes")
    connect(window, kind, partner)
    assert not IntegrationUser.objects.exists()


@pytest.mark.parametrize("kind", ["azure_devops"], indirect=True)
@pytest.mark.parametrize("name", ["../projects", "a/b", "a?x", "."])
def test_what_is_no_project_is_not_asked_for(integration, account, partner, name):
    with pytest.raises(Never, match="is not a project"):
        integration.standing_hook(
            account.client(), f"{partner}/engines/{name}", url="https://x", remote_id="1"
        )


# At Bitbucket Data Center alone.


@pytest.mark.parametrize("kind", ["bitbucket_server"], indirect=True)
def test_a_webhook_is_found_wherever_the_server_says_that_the_next_page_begins(
    link, account, partner
):
    """The server shows one at a time, and somebody else's is the first."""
    visitor.act(partner, "become", option="most", value="1")
    visitor.act(partner, "forget_hooks")
    wanted = {"name": "CI", "url": "https://ci.example.org", "events": ["pr:opened"]}
    account.client().post(f"/{bitbucket_server.SUBJECT}/webhooks", json=wanted)
    reconciling.check(link.registered_hook)
    reconciling.check(RegisteredHook.objects.get())
    assert [hook["url"] for hook in hooks(partner)] == [
        "https://ci.example.org",
        link.registered_hook.url,
    ]


@pytest.mark.parametrize("kind", ["bitbucket_server"], indirect=True)
def test_a_token_that_is_known_and_may_no_longer_needs_a_permission_and_no_new_token(
    link, account, partner
):
    account.secrets = {**account.secrets, "token": token(partner, "grace")}
    account.save()
    RegisteredHook.objects.update(check_at=timezone.now())
    assert reconciling.drain() == 1
    link.refresh_from_db()
    assert link.state == "needs_permission" and "Repository admin" in link.trouble


@pytest.mark.parametrize("kind", ["bitbucket_server"], indirect=True)
def test_the_token_of_a_repository_is_nobodys_account(window, kind, partner):
    connect(window, kind, partner, "token")
    made = IntegrationUser.objects.get()
    assert (made.login, made.name) == ("access-token-user-1", "")
    assert made.uid.endswith("/42001")


@pytest.mark.parametrize("kind", ["bitbucket_server"], indirect=True)
def test_where_no_id_comes_through_it_is_looked_up_by_the_whole_name(window, kind, partner):
    visitor.act(partner, "become", option="hides_ids", value="yes")
    connect(window, kind, partner)
    assert IntegrationUser.objects.get().uid.endswith("/1815")


@pytest.mark.parametrize("kind", ["bitbucket_server"], indirect=True)
def test_repositories_that_somebody_does_not_administer_are_not_offered(
    integration, window, kind, partner
):
    connect(window, kind, partner, "grace")
    assert not integration.choices("repository", "", IntegrationUser.objects.get().client())


@pytest.mark.parametrize("kind", ["bitbucket_server"], indirect=True)
@pytest.mark.parametrize("name", ["admin", "projects/../repos/x", "projects/E/repos/..", "42"])
def test_what_is_no_repository_of_bitbucket_is_not_asked_for(integration, account, partner, name):
    with pytest.raises(Never, match="is not a repository"):
        integration.destroy_hook(
            account.client(), f"{partner}/{name}", url="https://x", remote_id="1"
        )


# At Gitea alone.


@pytest.mark.parametrize("kind", ["gitea"], indirect=True)
def test_whoever_does_not_administer_a_repository_sees_why_it_cannot_be_picked(
    integration, window, kind, partner
):
    connect(window, kind, partner, "grace")
    (choice,) = integration.choices("repository", "", IntegrationUser.objects.get().client())
    assert choice.barred == "You do not administer it, so you cannot add a webhook."


@pytest.mark.parametrize("kind", ["gitea"], indirect=True)
def test_a_webhook_is_found_on_a_later_page(link, account, partner):
    """The server shows one at a time, and somebody else's is the first."""
    visitor.act(partner, "become", option="most", value="1")
    visitor.act(partner, "forget_hooks")
    wanted = {"type": "gitea", "config": {"url": "https://ci.example.org", "content_type": "json"}}
    account.client().post(f"/repos/{NAME}/hooks", json=wanted)
    reconciling.check(link.registered_hook)
    reconciling.check(RegisteredHook.objects.get())
    assert [hook["url"] for hook in hooks(partner)] == [
        "https://ci.example.org",
        link.registered_hook.url,
    ]


@pytest.mark.parametrize("kind", ["gitea"], indirect=True)
def test_a_repository_that_was_renamed_is_to_be_picked_again(link, partner):
    visitor.act(partner, "become", option="renamed", value="analytical/mill")
    RegisteredHook.objects.update(check_at=timezone.now())
    assert reconciling.drain() == 1
    link.refresh_from_db()
    assert link.state == "needs_permission"
    assert link.trouble == "The repository has another name or owner by now. Pick it again."


@pytest.mark.parametrize("kind", ["gitea"], indirect=True)
@pytest.mark.parametrize("name", ["../admin", "analytical/..", "analytical/engine/x", "42"])
def test_what_is_no_repository_is_not_asked_for(integration, account, partner, name):
    with pytest.raises(Never, match="is not a repository"):
        integration.destroy_hook(
            account.client(), f"{partner}/{name}", url="https://x", remote_id="1"
        )


# At GitLab alone.


@pytest.fixture
def old(kind, row):
    with running(row.simulator(settings={"signs": "no"})) as url:
        yield url


@pytest.mark.parametrize("kind", ["gitlab"], indirect=True)
def test_a_gitlab_that_signs_does_not_say_the_secret(link, partner):
    (hook,) = hooks(partner)
    secret = RegisteredHook.objects.get().signing_secret
    assert (hook["signing_token"], hook["token"]) == (secret, "")


@pytest.mark.parametrize("kind", ["gitlab"], indirect=True)
def test_a_gitlab_that_does_not_sign_says_the_secret(
    integration, window, kind, old, team, ada, row
):
    connect(window, kind, old)
    mine, config = IntegrationUser.objects.get(), {row.place: f"{old}/{row.subject}|{NAME}"}
    made = make_link(integration, team, user=ada, integration_user=mine, config=config)
    (hook,) = hooks(old)
    assert (hook["signing_token"], hook["token"]) == ("", made.registered_hook.signing_secret)
    assert closes(old) == [200] and standing() == [row.becomes]
    visitor.act(old, "edit_hooks", field="token", value="")
    reconciling.check(made.registered_hook)
    assert closes(old, action="reopen") == [200] and standing() == []


@pytest.mark.parametrize("kind", ["gitlab"], indirect=True)
def test_what_is_confidential_is_not_asked_for(link, partner):
    visitor.act(partner, "edit_hooks", field="confidential_issues_events", value=True)
    link.registered_hook.rotate_secret()
    assert hooks(partner)[0]["confidential_issues_events"] is False


@pytest.mark.parametrize("kind", ["gitlab"], indirect=True)
def test_projects_of_which_somebody_is_no_maintainer_are_not_offered(
    integration, window, kind, partner
):
    connect(window, kind, partner, "grace")
    assert not integration.choices("project", "", IntegrationUser.objects.get().client())


@pytest.mark.parametrize("kind", ["gitlab"], indirect=True)
def test_a_gitlab_that_begins_to_sign_says_the_secret_no_longer(link, partner):
    visitor.act(partner, "edit_hooks", field="token", value="said until now")
    link.registered_hook.rotate_secret()
    (hook,) = hooks(partner)
    assert hook["token"] == "" and closes(partner) == [200]


# At Jira Data Center alone.


@pytest.mark.parametrize("kind", ["jira_server"], indirect=True)
@pytest.mark.parametrize("version", ["9.12.4", "8.20.0"])
def test_a_jira_that_cannot_sign_is_not_linked_and_it_is_said_why(
    integration, account, team, ada, partner, config, version
):
    visitor.act(partner, "become", option="version", value=version)
    with pytest.raises(Never, match=rf"This is Jira {version}. Only from 10.0 on"):
        make_link(integration, team, user=ada, integration_user=account, config=config)
    assert hooks(partner) == [] and not RegisteredHook.objects.exists()


@pytest.mark.parametrize("kind", ["jira_server"], indirect=True)
def test_a_webhook_of_jira_is_found_on_whichever_page_and_asks_for_its_project_alone(
    link, account, partner
):
    visitor.act(partner, "become", option="most", value="1")
    visitor.act(partner, "forget_hooks")
    wanted = {"name": "CI", "url": "https://ci.example.org", "events": ["jira:issue_created"]}
    account.client().post(jira_server.HOOKS, json=wanted)
    reconciling.check(link.registered_hook)
    reconciling.check(RegisteredHook.objects.get())
    assert [(hook["url"], hook["jql"]) for hook in hooks(partner)] == [
        ("https://ci.example.org", ""),
        (link.registered_hook.url, "project = 10000"),
    ]


@pytest.mark.parametrize("kind", ["jira_server"], indirect=True)
def test_a_jira_that_shows_the_same_webhooks_again_is_not_asked_on_and_on(link, partner):
    visitor.act(partner, "become", option="unpaged", value="yes")
    before = len(visitor.read(partner, "journal")["calls"])
    reconciling.check(link.registered_hook)
    asked = visitor.read(partner, "journal")["calls"][before:]
    assert [each["path"] for each in asked].count(jira_server.HOOKS) == 2


@pytest.mark.parametrize("kind", ["jira_server"], indirect=True)
@pytest.mark.parametrize("name", ["../myself", "1/2", "1?x", "ENG", "١٢"])
def test_what_is_no_project_of_jira_is_not_asked_for(integration, account, partner, name):
    known = {"url": "https://x", "remote_id": "1"}
    for act in (integration.standing_hook, integration.destroy_hook):
        with pytest.raises(Never, match="is not a project"):
            act(account.client(), f"{partner}/{name}", **known)
    asked = [each["path"] for each in visitor.read(partner, "journal")["calls"]]
    assert asked == [f"{jira_server.REST}/myself"]


@pytest.mark.parametrize("kind", ["jira_server"], indirect=True)
def test_a_webhook_of_jira_goes_although_its_project_is_gone(link, partner):
    visitor.act(partner, "drop", thing="3")
    link.remove()
    RegisteredHook.drain()
    assert hooks(partner) == [] and not RegisteredHook.objects.exists()


# At Taiga alone.


def renewals(partner):
    calls = visitor.read(partner, "journal")["calls"]
    return len([call for call in calls if call["path"].endswith("/auth/refresh")])


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
def test_of_a_password_nothing_is_left(account):
    assert set(account.secrets) == {"site", "access_token", "refresh_token"}
    assert taiga.PASSWORD not in str(account.secrets)


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
def test_a_password_is_not_shown_again_on_the_page_that_refuses_it(window, kind, partner):
    proof = {"username": "ada", "password": "nearly a password of the past"}
    page = typed(window, kind, partner, proof).content.decode()
    assert "does not know this user name with this password" in page
    assert 'value="ada"' in page and proof["password"] not in page


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
def test_a_token_that_has_run_out_gets_the_next_one_each_time(link, account, partner):
    for times in (1, 2):
        before = dict(IntegrationUser.objects.get().secrets)
        visitor.act(partner, "expire", account="ada")
        reconciling.check(RegisteredHook.objects.get())
        after = IntegrationUser.objects.get().secrets
        assert renewals(partner) == times
        assert after["access_token"] != before["access_token"]
        assert after["refresh_token"] != before["refresh_token"]
        assert after["site"] == before["site"]
    link.refresh_from_db()
    assert link.state == "active" and not Repair.objects.exists()


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
@pytest.mark.parametrize("trouble", ["500", "429", "truncated"])
def test_a_taiga_that_gives_no_token_just_now_ends_nothing(link, account, partner, trouble):
    visitor.act(partner, "expire", account="ada")
    visitor.act(partner, "faults", fault=trouble, path="*/auth/refresh", times=1)
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    link.refresh_from_db()
    assert link.state == "active"
    if trouble != "truncated":
        reconciling.check(RegisteredHook.objects.get())


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
def test_nothing_is_renewed_while_nothing_may_go_out(link, partner):
    OutgoingHold.objects.create(backup_made_at=timezone.now())
    visitor.act(partner, "expire", account="ada")
    with pytest.raises(Again):
        reconciling.check(link.registered_hook)
    assert renewals(partner) == 0


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
def test_who_administers_the_project_no_longer_learns_it_and_the_webhook_is_not_believed_gone(
    link, account, partner
):
    account.secrets = {**account.secrets, "access_token": token(partner, "grace")}
    account.save()
    hook = link.registered_hook
    for call in (integration_of(hook).standing_hook, integration_of(hook).destroy_hook):
        with pytest.raises(NeedsPermission, match="Engines to its administrators alone"):
            call(account.client(), hook.subject, url=hook.url, remote_id=hook.remote_id)
    assert len(hooks(partner)) == 1


def integration_of(hook):
    return registry.integrations()[hook.integration_type]


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
def test_projects_that_somebody_does_not_administer_cannot_be_picked(
    integration, window, kind, partner
):
    connect(window, kind, partner, "grace")
    offered = integration.choices("project", "", IntegrationUser.objects.get().client())
    assert {choice.barred for choice in offered} == {
        "You do not administer it, so you cannot add a webhook."
    }


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
def test_a_project_that_taiga_has_blocked_needs_somebody(link, partner):
    visitor.act(partner, "become", option="blocked", value="yes")
    RegisteredHook.objects.update(check_at=timezone.now())
    assert reconciling.drain() == 1
    link.refresh_from_db()
    assert link.state == "needs_permission" and "has blocked this project" in link.trouble


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
def test_another_webhook_of_the_project_stays(link, account, partner):
    wanted = {"project": taiga.PROJECT, "name": "CI", "url": "https://ci.example.org", "key": "k"}
    account.client().post("/webhooks", json=wanted)
    link.remove()
    RegisteredHook.drain()
    assert [hook["url"] for hook in hooks(partner)] == ["https://ci.example.org"]


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
@pytest.mark.parametrize("name", ["ada-engines", "project/..", "project/a/b", "project/a?x", "42"])
def test_what_is_no_project_of_taiga_is_not_asked_for(integration, account, partner, name):
    with pytest.raises(Never, match="is not a project"):
        integration.destroy_hook(
            account.client(), f"{partner}/{name}", url="https://x", remote_id="1"
        )


@pytest.mark.parametrize("kind", ["taiga"], indirect=True)
@pytest.mark.parametrize("site", ["tree.taiga.io", "https://api.taiga.io/", "https://taiga.io"])
def test_taigas_own_has_one_name_however_it_is_typed_and_is_called_where_its_api_lies(
    integration, site
):
    form = integration.credentials({"site": site, **by_password("", "ada")})
    assert form.is_valid() and form.cleaned_data["site"] == "https://tree.taiga.io"
    client = integration.client(form.cleaned_data)
    assert client.base_url == "https://api.taiga.io/api/v1"
    assert integration.site(client) == "https://tree.taiga.io"
