"""What every integration promises, whoever wrote it."""

from __future__ import annotations

import ast
import random
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from idonethis.entries.drafts import Draft, Retitle, Retract
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import (
    Converses,
    Failed,
    Integration,
    Never,
    Posts,
    Reads,
)
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.models.making import make_link
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.signatures import Hmac
from idonethis.integrations.testing import headers_of
from idonethis.integrations.tests.every import RECEIVING, Linked, connected, fixtures
from idonethis.integrations.values import Hook, Ignored, Reason, Revoked, Secret
from idonethis.teams.models import Team

ALL = list(registry.integrations().values())
READING = [integration for integration in ALL if isinstance(integration, Reads)]
SENDING = [integration for integration in ALL if isinstance(integration, Posts)]

every = pytest.mark.parametrize("integration", ALL, ids=lambda i: i.integration_type)
reading = pytest.mark.parametrize("integration", READING, ids=lambda i: i.integration_type)
receiving = pytest.mark.parametrize("integration", RECEIVING, ids=lambda i: i.integration_type)
sending = pytest.mark.parametrize("integration", SENDING, ids=lambda i: i.integration_type)

HOSTILE = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{}",
    b"{" * 100_000,
    b"[" * 100_000,
    b'{"a": NaN}',
    b'{"a": 1e999}',
    b'{"a": 1, "a": {"a": []}, "text": "x", "text": []}',
    b'{"a": "\\ud800"}',
    b'{"a": "\\u0000"}',
    b'{"n": ' + b"9" * 5_000 + b"}",
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    '{"text": "x"}'.encode("utf-16"),
    b'{"a": "\xff"}',
    b'{"team_id": null, "event": [], "type": {}, "repository": 3, "sender": ""}',
    b'{"text": {"a": []}, "person": [1], "date": "0", "id": {}}',
]


@every
def test_its_paces_are_for_different_things_and_let_something_through(integration):
    kinds = [pace.each for pace in integration.paces]
    assert kinds and len(set(kinds)) == len(kinds)
    assert all(pace.most > 0 and pace.per > 0 for pace in integration.paces)


@every
def test_it_says_what_it_is(integration: Integration):
    assert integration.name
    assert integration.category
    assert 0 < len(integration.tagline) <= 120
    assert (registry.folder(integration) / "setup.md").read_text().startswith("# ")


@every
def test_its_name_and_summary_stand_on_an_empty_config(integration):
    assert integration.short_name(PlainLink())
    assert 0 < len(integration.summary(PlainLink())) <= 80


@every
def test_what_its_refusals_mean_stands_in_a_table_with_a_source(integration):
    for refusal in integration.answers.refusals:
        assert integration.answers.source.startswith("https://")
        assert issubclass(refusal.means, Failed)
        assert refusal.sentence.endswith(".") and refusal.sentence.count("{") < 4
        assert not refusal.says or integration.answers.word


@every
def test_its_form_needs_nothing_to_begin_with(integration):
    form = integration.form()
    initial = {name: field.initial for name, field in form.fields.items()}
    filled = integration.form(data=initial)
    assert filled.is_valid(), filled.errors


@every
def test_it_is_in_the_catalogue(integration, client, ada, team):
    client.force_login(ada)
    assert integration.name in client.get(reverse("catalogue")).content.decode()
    page = client.get(reverse("integration", args=[integration.integration_type]))
    assert page.status_code == 200


@receiving
def test_its_form_makes_a_link_that_stands_on_the_settings_page(integration, client, ada, team):
    client.force_login(ada)
    if not registry.links_by_hand(integration):
        connected(integration, ada)
    path = reverse("new_link", args=[integration.integration_type])
    assert client.get(f"{path}?by=hand").status_code == 200
    initial = {name: field.initial for name, field in integration.form().fields.items()}
    filled = {name: value for name, value in initial.items() if value not in (None, False)}
    answer = client.post(path, {**filled, "team": team.slug, "by": "hand"})
    assert answer.status_code == 302, answer.content.decode()
    link = IntegrationLink.objects.get()
    assert link.team == team
    assert link.summary in client.get(link.settings_path).content.decode().replace("&#x27;", "'")


@receiving
def test_no_link_is_made_by_which_nothing_could_come(integration, client, ada, team):
    client.force_login(ada)
    kind, needed = integration.integration_type, registry.needs_account(integration)
    page = client.get(reverse("integration", args=[kind])).content.decode()
    assert not (needed and "by=hand" in page)
    if needed:
        with pytest.raises(Never, match="Connect one first"):
            make_link(integration, team, user=ada, integration_user=None, config={})
        assert not IntegrationLink.objects.exists()


@receiving
def test_only_what_its_partner_signed_is_taken(integration, ada, team, mallory):
    linked = Linked.make(integration, team, ada)
    others = Team.objects.create(name="Night Shift")
    others.join(mallory, "admin")
    foreign = Linked.make(integration, others, mallory)
    path = next(p for p in fixtures(integration) if not p.stem.startswith("ignored__"))
    body, plain = path.read_bytes(), headers_of(integration, path)
    refused = integration.refused(Reason.BAD_SIGNATURE).status
    assert refused == integration.refused(Reason.UNKNOWN_ENDPOINT).status >= 400
    signed = integration.signature.sign(Hook(body), linked.secret)
    for name, genuine in signed.items():
        for forged in {"", "x", "sha256=" + "0" * 64, genuine[:-1], genuine.upper()} - {genuine}:
            assert linked.post(body, plain, **{name: forged}).status == refused, (name, forged)
    assert linked.post(body, plain, secret=Secret("a wrong signing secret")).status == refused
    if foreign.secret != linked.secret:
        assert linked.post(body, plain, secret=foreign.secret).status == refused
    assert not Receipt.objects.exists()


@receiving
def test_what_is_old_is_refused_where_the_partner_says_when(integration, ada, team):
    if not (isinstance(integration.signature, Hmac) and integration.signature.stamp):
        pytest.skip("This partner signs no time.")
    linked = Linked.make(integration, team, ada)
    path = fixtures(integration)[0]
    body = path.read_bytes()
    for seconds, status in ((301, 401), (-301, 401)):
        at = datetime.now(UTC) - timedelta(seconds=seconds)
        assert linked.post(body, headers_of(integration, path), at=at).status == status
    assert not Receipt.objects.exists()


@reading
@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: repr(body[:24]))
def test_hostile_bodies_make_no_entry_and_break_nothing(integration, body, ada, team):
    linked = Linked.make(integration, team, ada)
    headers = {"content-type": "application/json"}
    if integration.event_header:
        name = fixtures(integration)[-1].stem.removeprefix("ignored__").partition("__")[0]
        headers[integration.event_header.lower()] = name
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        if integration in RECEIVING:
            assert linked.post(body, headers | {"content-type": kind}).status < 500
        else:
            linked.find(body, headers | {"content-type": kind})
    assert not Entry.objects.exists()
    assert not Receipt.objects.exclude(state="done").exists()
    assert not Receipt.objects.filter(outcome=Reason.FAILED).exists()


@reading
def test_each_fixture_becomes_what_its_name_says(integration):
    assert fixtures(integration), "There is no fixture."
    linked = Linked(integration, PlainLink())
    for path in fixtures(integration):
        events = linked.read(path)
        if path.stem.startswith("ignored__"):
            assert all(isinstance(event, Ignored) and event.why for event in events), path.name
        else:
            acts = (Draft, Retitle, Retract, Revoked)
            assert any(isinstance(event, acts) for event in events), path.name


@reading
def test_again_and_in_any_order_it_makes_the_same_entries(integration, ada, team):
    linked = Linked.make(integration, team, ada)
    paths = [path for path in fixtures(integration) if "revoked" not in path.stem]
    for path in paths:
        linked.hear(path)
    keys = _standing(team)
    assert keys
    for round_ in range(2):
        random.Random(round_).shuffle(paths)
        for path in paths:
            linked.hear(path, f"again-{round_}-{path.stem}")
    assert _standing(team) == keys


@reading
def test_a_team_that_hears_it_in_another_order_ends_with_the_same_log(integration, ada, team):
    if isinstance(integration, Converses):
        pytest.skip("That words were edited away is noted only where they were logged before.")
    paths = [path for path in fixtures(integration) if "revoked" not in path.stem]
    logs = []
    for round_ in range(3):
        random.Random(round_).shuffle(paths)
        heard = Team.objects.create(name=f"Round {round_}")
        heard.join(ada, "admin")
        linked = Linked.make(integration, heard, ada)
        for path in paths:
            linked.hear(path, f"{round_}-{path.stem}")
        logs.append(_log(heard))
        linked.link.remove()
        Receipt.objects.all().delete()
    assert logs[0]
    assert logs.count(logs[0]) == len(logs)


def _log(team):
    """Of pushes that grow one entry, the address of the first to arrive leads to a part of it."""
    return sorted(
        (
            entry.kind,
            entry.body,
            entry.url if not entry.counted_body else "",
            str(entry.occurred_on),
            sorted(entry.details.values_list("text", flat=True)),
        )
        for entry in Entry.objects.for_team(team).alive()
    )


def _standing(team):
    return sorted(Entry.objects.for_team(team).values_list("hash_id", flat=True))


@sending
def test_it_speaks_to_its_partner_through_the_one_door(integration):
    for path in registry.folder(integration).glob("*.py"):
        if path.name.startswith(("test_", "conftest")) or path.stem in ("testing", "pretending"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.partition(".")[0] not in (
                    "httpx",
                    "requests",
                    "urllib3",
                    "socket",
                    "http",
                )
