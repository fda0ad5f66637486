"""REST hooks, over real HTTP: a program subscribes, and a pretend tool hears of entries."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.test import Client

from idonethis.accounts.models import ApiToken
from idonethis.audit.models import AuditRecord
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.models import Delivery, IntegrationLink, IntegrationUser
from idonethis.integrations.models.handing_over import drain as hand_over
from idonethis.integrations.models.making import make_link
from idonethis.integrations.models.notice import Notice
from idonethis.integrations.testing import let_time_pass
from idonethis.simulators.listener import Listener
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db
HOOKS = "/api/v2/hooks"
CREATED, UPDATED, DELETED = "entry_created", "entry_updated", "entry_deleted"


@dataclass
class Program:
    """Asks as programs do: with a token, and with nothing of a browser."""

    shown: str

    def __post_init__(self):
        self.client = Client(enforce_csrf_checks=True)

    def ask(self, method, path="", **content):
        answer = self.client.generic(
            method,
            f"{HOOKS}{path}",
            json.dumps(content) if content else "",
            content_type="application/json",
            headers={"Authorization": f"Token {self.shown}"},
        )
        return answer.status_code, answer.json()


def program_of(user, *scopes, name="My tool"):
    scopes = scopes or ("hooks",)
    return Program(ApiToken.objects.make(user, name=name, scopes=scopes)[1])


@pytest.fixture
def program(ada):
    return program_of(ada)


@pytest.fixture
def tool():
    listener = Listener()
    with running(listener) as url:
        listener.url = f"{url}/catch/1815/abc/"
        yield listener


@pytest.fixture
def subscribed(program, tool, team):
    def subscribing(event=None, **more):
        wanted = {"target_url": tool.url, "team_id": team.hash_id, **more}
        status, told = program.ask("POST", **wanted, **({"event": event} if event else {}))
        assert status == 201, told
        return told

    return subscribing


@pytest.fixture
def log(team, ada):
    return lambda body="Turned the crank", **facts: Entry.objects.log(
        Draft(body=body, **facts), team=team, user=ada
    )


def heard(tool):
    """What the tool has heard since it was asked last."""
    while Delivery.drain():
        pass
    said, tool.heard[:] = list(tool.heard), []
    return said


def types(tool):
    return [each.content["type"] for each in heard(tool)]


# From the subscription to its end.


def test_an_entry_goes_out_signed_is_edited_is_removed_and_410_ends_it(
    subscribed, tool, log, program
):
    made = subscribed()
    entry = log("Turned the crank #mill")
    (first,) = heard(tool)
    assert first.path == "/catch/1815/abc/"
    assert first.is_signed_with(made["secret"])
    assert not first.is_signed_with("whsec_" + "A" * 43 + "=")
    assert first.content["type"] == CREATED and first.content["timestamp"]
    data = first.content["data"]
    assert (data["body"], data["status"], data["tags"]) == (
        "Turned the crank #mill",
        "done",
        ["mill"],
    )
    assert data["hash_id"] == entry.hash_id and data["user"]["full_name"] == "Ada Lovelace"
    assert data["page"] == f"http://testserver/e/{entry.hash_id}"

    entry.edit(kind="done", body="Turned it twice")
    (second,) = heard(tool)
    assert (second.content["type"], second.content["data"]["body"]) == (UPDATED, "Turned it twice")
    assert second.headers["webhook-id"] != first.headers["webhook-id"]

    entry.delete_softly(by=entry.user)
    (third,) = heard(tool)
    assert third.is_signed_with(made["secret"]) and third.content["type"] == DELETED
    assert third.content["data"] == {
        "hash_id": entry.hash_id,
        "deleted": True,
        "team": {"name": "Analytical Engines", "hash_id": entry.team.hash_id},
    }

    tool.status = 410
    log("Nobody wants this")
    assert len(heard(tool)) == 1
    let_time_pass()
    assert heard(tool) == []
    assert program.ask("GET", f"/{made['id']}")[0] == 404
    delivery = Delivery.objects.latest("pk")
    assert delivery.result == "failed"
    assert delivery.trouble == (
        "Outgoing webhook wants nothing more there (410), so the link has ended."
    )
    link = IntegrationLink.objects.get()
    assert link.is_gone and not IntegrationUser.objects.exists()


@pytest.mark.parametrize("event", [CREATED, UPDATED, DELETED])
def test_one_event_is_told_and_no_other(subscribed, tool, log, event):
    assert subscribed(event)["event"] == event
    entry = log()
    told = types(tool)
    entry.edit(kind="done", body="Turned it twice")
    told += types(tool)
    entry.delete_softly(by=entry.user)
    assert told + types(tool) == [event]


def test_an_entry_from_before_the_hook_is_told_of_when_it_changes(subscribed, tool, log):
    entry = log("Long ago")
    subscribed()
    assert types(tool) == []
    entry.edit(kind="done", body="Not so long ago")
    assert types(tool) == [UPDATED]
    entry.delete_softly(by=entry.user)
    assert types(tool) == [DELETED]
    entry.restore()
    assert types(tool) == [UPDATED]


def test_the_old_shape_is_a_list_of_one_and_says_the_event_beside_it(subscribed, tool, log):
    made = subscribed(format="v2")
    assert made["events"] == [CREATED, UPDATED]
    entry = log()
    (first,) = heard(tool)
    (said,) = first.content
    assert first.headers["x-idt-event"] == CREATED and said["hash_id"] == entry.hash_id
    assert {
        "body", "body_formatted", "status", "occurred_on", "completed_on", "archived_at",
        "created_at", "updated_at", "hash_id", "team", "user",
    } <= set(said)  # fmt: skip
    assert said["user"]["email_address"] == "ada@example.org"
    entry.edit(kind="done", body="Turned it twice")
    (second,) = heard(tool)
    assert second.headers["x-idt-event"] == UPDATED and second.is_signed_with(made["secret"])
    entry.delete_softly(by=entry.user)
    assert heard(tool) == []


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 429, 500, 503])
def test_what_does_not_arrive_comes_again_under_the_same_name(subscribed, tool, log, status):
    made = subscribed()
    tool.status = status
    log()
    (missed,) = heard(tool)
    tool.status = 200
    let_time_pass()
    (again,) = heard(tool)
    assert again.headers["webhook-id"] == missed.headers["webhook-id"]
    assert again.body == missed.body and again.is_signed_with(made["secret"])
    assert IntegrationLink.objects.get().state == "active"


def test_an_address_inside_the_network_is_not_called(subscribed, tool, log, settings):
    subscribed()
    settings.ALLOWED_ADDRESSES = []
    log()
    assert heard(tool) == []
    assert "lies in a private network" in Delivery.objects.get().trouble


def test_what_was_edited_before_it_went_out_is_told_once(subscribed, tool, log):
    subscribed(CREATED, target_url=tool.url + "new")
    subscribed(UPDATED, target_url=tool.url + "changed")
    log("Turned the crnk").edit(kind="done", body="Turned the crank")
    told = {each.path.rpartition("/")[2]: each.content for each in heard(tool)}
    assert (told["new"]["type"], told["changed"]["type"]) == (CREATED, UPDATED)
    assert {each["data"]["body"] for each in told.values()} == {"Turned the crank"}


# Subscribing.


def test_the_same_once_more_is_the_same_hook_and_tells_no_secret(subscribed, program, tool, team):
    made = subscribed(CREATED)
    wanted = {"target_url": tool.url, "team_id": team.hash_id, "event": CREATED}
    status, told = program.ask("POST", **wanted)
    assert (status, told["id"]) == (200, made["id"]) and "secret" not in told
    assert made["secret"].startswith("whsec_")
    assert "secret" not in program.ask("GET", f"/{made['id']}")[1]
    other = program.ask("POST", **{**wanted, "event": UPDATED})
    assert other[0] == 201 and other[1]["id"] != made["id"]
    assert IntegrationLink.objects.standing().count() == 2


def test_after_its_end_the_same_is_a_new_one(subscribed, program):
    made = subscribed()
    assert program.ask("DELETE", f"/{made['id']}") == (200, {"deleted": True, "id": made["id"]})
    assert program.ask("GET", f"/{made['id']}")[0] == 404
    again = subscribed()
    assert again["id"] != made["id"] and again["secret"] != made["secret"]


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://hooks.zapier.com/hooks/standard/1815/abc/", "zapier"),
        ("https://hook.eu2.make.com/abc", "make"),
        ("https://engines.app.n8n.cloud/webhook/abc", "n8n"),
        ("https://maker.ifttt.com/trigger/done/json/with/key/abc", "ifttt"),
        ("https://hooks.zapier.com.example.org/abc", "outgoing_webhook"),
        ("https://tools.example.org/abc", "outgoing_webhook"),
    ],
)
def test_the_tool_is_known_by_where_it_listens(subscribed, url, kind):
    made = subscribed(target_url=url)
    assert (made["integration"], made["target_url"]) == (kind, url)


def test_or_by_what_it_says_it_is(subscribed, program, team):
    assert subscribed(integration="n8n")["integration"] == "n8n"
    wanted = {"target_url": "https://x.example.org", "team_id": team.hash_id}
    for other in ("webhook", "nothing"):
        status, told = program.ask("POST", **wanted, integration=other)
        assert status == 422 and f"no integration {other} that listens" in told["error"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_url": "ftp://example.org/"},
        {"target_url": "https://ada:engine@example.org/"},
        {"target_url": "javascript:alert(1)"},
        {"target_url": "https:///nowhere"},
        {"target_url": "https://[::1"},
        {"target_url": "https://example.org:99999/"},
        {"target_url": "https://example.org/a b"},
        {"target_url": "https://example.org/" + "a" * 1000},
        {"event": "entry_liked"},
        {"format": "xml"},
    ],
)
def test_what_cannot_be_is_refused_in_words(program, team, wrong):
    wanted = {"target_url": "https://tools.example.org/", "team_id": team.hash_id}
    status, told = program.ask("POST", **{**wanted, **wrong})
    assert status == 422 and told["error"]
    assert not IntegrationLink.objects.exists()


def test_a_hook_moves_and_keeps_its_secret(subscribed, program, tool, log):
    made = subscribed(CREATED)
    moved = tool.url + "elsewhere"
    status, told = program.ask("PUT", f"/{made['id']}", target_url=moved, event=UPDATED)
    assert (status, told["target_url"], told["event"]) == (200, moved, UPDATED)
    entry = log()
    entry.edit(kind="done", body="Turned it twice")
    (said,) = heard(tool)
    assert said.path.endswith("/elsewhere") and said.is_signed_with(made["secret"])


def test_it_moves_neither_onto_another_nor_into_another_team(subscribed, program, tool, team):
    made = subscribed(CREATED)
    subscribed(UPDATED)
    path = f"/{made['id']}"
    assert program.ask("PUT", path, target_url=tool.url, event=UPDATED)[0] == 422
    status, told = program.ask("PUT", path, target_url=tool.url, team_id="another")
    assert (status, told["error"]) == (422, "A hook stays in its team. Nothing was changed.")
    assert program.ask("GET", path)[1]["event"] == CREATED


def test_pages_of_hooks_follow_each_other(subscribed, program):
    made = [subscribed(event)["id"] for event in (CREATED, UPDATED, DELETED)]
    _, page = program.ask("GET", "?limit=2")
    assert [each["id"] for each in page["items"]] == made[:0:-1]
    _, last = program.ask("GET", f"?limit=2&before={page['older']}")
    assert ([each["id"] for each in last["items"]], last["older"]) == (made[:1], None)


@pytest.mark.parametrize("shape", ["standard", "v2"])
def test_samples_are_as_a_hook_would_send_them(subscribed, program, tool, log, team, shape):
    subscribed(CREATED, format=shape)
    log()
    (sent,) = heard(tool)
    _, samples = program.ask("GET", f"/sample?team_id={team.hash_id}&format={shape}")
    assert samples == (sent.content if shape == "v2" else [sent.content])


# Who may.


def test_a_token_without_the_scope_and_a_session_subscribe_nothing(ada, client, team):
    wanted = {"target_url": "https://tools.example.org/", "team_id": team.hash_id}
    assert program_of(ada, "read").ask("POST", **wanted)[0] == 403
    client.force_login(ada)
    assert client.post(HOOKS, wanted, content_type="application/json").status_code == 401
    assert not IntegrationLink.objects.exists()


def test_hooks_of_another_token_are_not_there(subscribed, ada, mallory, tool):
    made = subscribed()
    for other in (program_of(ada), program_of(mallory)):
        assert other.ask("GET") == (200, {"items": [], "older": None})
        for method, content in (("GET", {}), ("DELETE", {}), ("PUT", {"target_url": tool.url})):
            assert other.ask(method, f"/{made['id']}", **content)[0] == 404
    assert IntegrationLink.objects.standing().exists()


def test_nobody_subscribes_to_or_samples_a_team_of_others(mallory, team, log):
    log("A secret")
    other = program_of(mallory)
    wanted = {"target_url": "https://evil.example.org/", "team_id": team.hash_id}
    assert other.ask("POST", **wanted)[0] == 404
    assert other.ask("GET", f"/sample?team_id={team.hash_id}")[0] == 404


def test_who_only_reads_in_a_team_subscribes_nothing(team, mallory):
    team.join(mallory, "observer")
    wanted = {"target_url": "https://tools.example.org/", "team_id": team.hash_id}
    status, told = program_of(mallory).ask("POST", **wanted)
    assert status == 403 and "only reads" in told["error"]


def test_with_its_token_a_hook_ends(subscribed, tool, log, ada):
    subscribed()
    ApiToken.objects.get().revoke()
    log()
    assert heard(tool) == [] and not IntegrationUser.objects.exists()
    assert IntegrationLink.objects.get().is_gone


def test_whoever_leaves_the_team_takes_their_hooks_along(team, grace, tool, log, mailoutbox):
    leaver = program_of(grace)
    wanted = {"target_url": tool.url, "team_id": team.hash_id}
    assert leaver.ask("POST", **wanted)[0] == 201
    team.memberships.get(user=grace).end()
    log("Not for Grace any more")
    hand_over()
    assert heard(tool) == []
    assert leaver.ask("GET") == (200, {"items": [], "older": None})
    assert leaver.ask("POST", **wanted)[0] == 404
    assert not Notice.objects.exists()


def test_no_other_address_ever_takes_the_place_of_one(subscribed, team, grace, ada, tool):
    """Accounts are handed over to those of others; an address is not."""
    team.memberships.filter(user=grace).update(role="admin")
    assert program_of(grace).ask("POST", target_url=tool.url + "2", team_id=team.hash_id)[0] == 201
    subscribed()
    able = IntegrationUser.objects.able([team], integration_type="outgoing_webhook")
    assert not able.filter(kind="user").exists()
    assert not IntegrationUser.objects.for_acting(ada, integration_type="outgoing_webhook").exists()


def test_it_is_written_down_who_subscribed_by_which_token(subscribed, ada):
    made = subscribed()
    (record,) = AuditRecord.objects.filter(action="hook.subscribed")
    token = ApiToken.objects.get()
    assert (record.who, record.thing) == (ada.hash_id, made["id"])
    assert record.details["token"] == token.hash_id
    everything = " ".join(str(each.details) for each in AuditRecord.objects.all())
    assert made["secret"] not in everything and "catch" not in everything


# On the pages.


@contextmanager
def signed_in(user):
    browser = Client()
    browser.force_login(user)
    yield browser


def test_the_page_of_the_team_says_who_subscribed_it_by_which_token_and_removes_it(
    subscribed, ada, team, program
):
    made = subscribed(CREATED)
    link = IntegrationLink.objects.get()
    with signed_in(ada) as browser:
        for path in (f"/t/{team.slug}/integrations", link.get_absolute_url()):
            page = browser.get(path).content.decode()
            assert "127.0.0.1, by the token “My tool”" in page
            assert "Tells of new dones, goals and blockers." in page
            assert made["secret"] not in page and "/catch/" not in page
        assert browser.post(link.delete_path).status_code == 302
    assert program.ask("GET", f"/{made['id']}")[0] == 404


def test_the_settings_of_the_link_change_what_it_tells(subscribed, ada, program, tool, log):
    made = subscribed(target_url=tool.url, integration="zapier")
    link = IntegrationLink.objects.get()
    with signed_in(ada) as browser:
        said = {**link.config, "tells": [DELETED], "kinds": ["goal"]}
        posted = {name: value for name, value in said.items() if value not in (None, False)}
        answer = browser.post(f"/links/{link.hash_id}/edit", posted)
        assert answer.status_code == 302, answer.content.decode()
    assert program.ask("GET", f"/{made['id']}")[1]["event"] == DELETED


def test_a_link_by_hand_tells_nothing(team, ada, log, tool):
    zapier = registry.integrations()["zapier"]
    make_link(zapier, team, user=ada, integration_user=None, config=zapier.defaults)
    log()
    assert heard(tool) == [] and not Delivery.objects.exists()


# A new secret, and what was sent.


def test_a_new_secret_signs_at_once_and_the_old_one_beside_it_for_a_day(
    subscribed, program, tool, log, ada
):
    made = subscribed()
    status, told = program.ask("POST", f"/{made['id']}/secret")
    assert status == 200 and told["secret"].startswith("whsec_") and told["id"] == made["id"]
    assert told["secret"] != made["secret"]
    log()
    (first,) = heard(tool)
    assert first.is_signed_with(told["secret"]) and first.is_signed_with(made["secret"])
    account = IntegrationUser.objects.get()
    account.secrets = {**account.secrets, "until": "2026-01-01T00:00:00+00:00"}
    account.save()
    log("Once more")
    (second,) = heard(tool)
    assert second.is_signed_with(told["secret"]) and not second.is_signed_with(made["secret"])
    (record,) = AuditRecord.objects.filter(action="hook.secret_rotated")
    assert (record.who, record.thing) == (ada.hash_id, made["id"])


def test_neither_signature_is_kept(subscribed, program, tool, log):
    made = subscribed()
    program.ask("POST", f"/{made['id']}/secret")
    log()
    (told,) = heard(tool)
    signatures = told.headers["webhook-signature"].split(" ")
    kept = str(list(Delivery.objects.get().tries.values()))
    assert len(signatures) == 2
    assert not [each for each in signatures if each in kept]


def test_a_secret_is_that_of_its_token(subscribed, grace, mallory, ada):
    made = subscribed()
    for other in (program_of(grace), program_of(mallory), program_of(ada)):
        assert other.ask("POST", f"/{made['id']}/secret")[0] == 404
        assert other.ask("GET", f"/{made['id']}/deliveries")[0] == 404
    assert not AuditRecord.objects.filter(action="hook.secret_rotated").exists()


def test_what_was_sent_is_told_with_what_became_of_it(subscribed, program, tool, log):
    made = subscribed()
    entry = log()
    heard(tool)
    tool.status = 500
    log("Another")
    heard(tool)
    path = f"/{made['id']}/deliveries"
    status, told = program.ask("GET", path)
    waiting, sent = told["items"]
    assert (status, sent["result"], sent["entry"]) == (200, "sent", entry.hash_id)
    assert waiting["result"] == "again" and "500" in waiting["why"]
    assert program.ask("GET", f"{path}?result=nonsense")[0] == 422
    assert [each["result"] for each in program.ask("GET", f"{path}?result=sent")[1]["items"]] == [
        "sent"
    ]
    older = program.ask("GET", f"{path}?limit=1")[1]["older"]
    assert program.ask("GET", f"{path}?limit=1&before={older}")[1]["items"] == [sent]
