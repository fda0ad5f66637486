from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from django.conf import settings
from django.db import DatabaseError, DataError, transaction
from django.utils import timezone

from idonethis.entries.drafts import Actor
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Replies
from idonethis.integrations.ingest import bounds, routes, writer
from idonethis.integrations.ingest.asgi import Ingest
from idonethis.integrations.ingest.routes import Routes
from idonethis.integrations.ingest.writer import GroupCommit
from idonethis.integrations.models import (
    IntegrationLink,
    Receipt,
    RegisteredHook,
    Suggestion,
)
from idonethis.integrations.tests.acme import Acme
from idonethis.integrations.values import Reason, Response
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
DONE = {"type": "done", "body": "Turned the crank", "uid": "1815", "key": "crank"}


async def elsewhere(scope, receive, send):
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"elsewhere"})


@pytest.fixture
def ingest():
    group = GroupCommit()
    group.start()
    yield Ingest(elsewhere, group)
    group.stop()


@pytest.fixture
def post(ingest, link, signed):
    """Posts to the link's own address, signed, all at once."""

    def send(*contents, method="POST", path=None, **headers):
        return asyncio.run(_send(ingest, link, signed, contents, method, path, headers))

    return send


async def _send(ingest, link, signed, contents, method, path, headers):
    transport = httpx.ASGITransport(ingest)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        calls = []
        for content in contents:
            body, genuine = signed(link, content)
            sent = {name: value for name, value in (genuine | headers).items() if value is not None}
            url = path or f"/integrations/acme/hook/{link.hook_token}"
            calls.append(client.request(method, url, content=body, headers=sent))
        return await asyncio.gather(*calls)


def test_a_genuine_hook_is_stored_before_it_is_answered(post, link):
    (answer,) = post(DONE, **{"x-acme-delivery": "d1", "x-acme-event": "done"})
    receipt = Receipt.objects.get()
    assert (answer.status_code, answer.content) == (200, b"")
    assert (receipt.link_id, receipt.delivery_key, receipt.event) == (link.pk, "d1", "done")
    assert receipt.hook.json == DONE
    assert "x-acme-signature" in receipt.hook.headers


def test_many_hooks_at_once_share_their_commits(post, monkeypatch):
    commits = []
    monkeypatch.setattr(writer, "store", _counting(writer.store, commits))
    answers = post(*[{**DONE, "key": str(number)} for number in range(60)])
    assert {answer.status_code for answer in answers} == {200}
    assert sum(commits) == Receipt.objects.count() == 60
    assert len(commits) < 10


def _counting(store, commits):
    def counted(rows):
        commits.append(len(rows))
        time.sleep(0.02)
        store(rows)

    return counted


def test_many_hooks_at_once_share_one_question_for_their_address(post, monkeypatch):
    asked = []
    find = Routes.find
    monkeypatch.setattr(Routes, "find", lambda *args: asked.append(args) or find(*args))
    answers = post(*[{**DONE, "key": str(number)} for number in range(60)])
    assert {answer.status_code for answer in answers} == {200}
    assert len(asked) == 1


def test_the_same_delivery_again_is_acknowledged_and_stored_once(post):
    answers = post(DONE, DONE, DONE, **{"x-acme-delivery": "same"})
    assert {answer.status_code for answer in answers} == {200}
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"x-acme-signature": None},
        {"x-acme-signature": ""},
        {"x-acme-signature": "sha256=" + "0" * 64},
        {"x-acme-signature": "sha1=" + "0" * 40},
        {"x-acme-signature": "sha256=é"},
    ],
)
def test_what_is_not_signed_by_the_link_is_refused(post, headers):
    (answer,) = post(DONE, **{k: v.encode() if v else v for k, v in headers.items()})
    assert answer.status_code == 401
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b'{"type": "done"', 400),
        (b"\xff\xfe{}", 400),
        (b'{"type": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"n": NaN}', 400),
        (b'{"n": Infinity}', 400),
        (b"\xef\xbb\xbf{}", 400),
        ("{}".encode("utf-16"), 400),
        (b'"\\ud800"', 400),
        (b" " * (settings.HOOK_BODY_LIMIT + 1), 413),
    ],
)
def test_a_signed_body_that_cannot_be_read_is_refused_in_words(post, body, status):
    (answer,) = post(body)
    assert answer.status_code == status
    assert b"Nothing was stored" in answer.content
    assert not Receipt.objects.exists()


def test_a_compressed_body_is_refused_rather_than_unpacked(post):
    (answer,) = post(DONE, **{"content-encoding": "gzip"})
    assert answer.status_code == 415


def test_an_address_nobody_has_is_answered_like_a_forged_signature(post):
    (guessed,) = post(DONE, path="/integrations/acme/hook/guessed")
    (forged,) = post(DONE, **{"x-acme-signature": "sha256=0"})
    assert (guessed.status_code, guessed.content) == (forged.status_code, forged.content)
    assert forged.status_code == 401


def test_a_fault_of_an_integration_is_answered(post, acme, caplog):
    acme.challenge = lambda hook: 1 / 0
    (answer,) = post(DONE)
    assert (answer.status_code, answer.content) == (500, b"Our own fault. Nothing was stored.")
    assert "Acme failed over a hook" in caplog.text
    assert not Receipt.objects.exists()


def test_a_secret_that_a_sender_puts_into_the_address_is_not_stored(post, link):
    path = f"/integrations/acme/hook/{link.hook_token}"
    post(DONE, path=f"{path}?token={link.signing_secret}", **{"x-acme-delivery": "d1"})
    post(DONE, path=f"{path}?from=here", **{"x-acme-delivery": "d2"})
    kept = Receipt.objects.order_by("delivery_key")
    assert [receipt.hook.query for receipt in kept] == ["", "from=here"]


def test_a_removed_link_says_gone_to_its_partner_and_nothing_to_others(post, link):
    link.remove()
    (genuine,), (forged,) = post(DONE), post(DONE, **{"x-acme-signature": "sha256=0"})
    assert (genuine.status_code, forged.status_code) == (410, 401)


def test_a_webhook_that_is_tried_before_its_link_stands_serves_the_link_at_once(post, link):
    hook = RegisteredHook.objects.create(integration_type="acme", subject="anvil")
    link.signing_secret, link.registered_hook = hook.signing_secret, hook
    path = f"/integrations/acme/hook/{hook.hook_token}"
    (tried,) = post(DONE, path=path)
    link.save()
    (happened,) = post(DONE, path=path)
    assert (tried.status_code, happened.status_code) == (503, 200)
    assert tried.headers["retry-after"] == "5"
    assert Receipt.objects.get().link_id == link.pk


def test_a_webhook_whose_link_never_came_is_gone_after_ten_minutes(post, link):
    hook = RegisteredHook.objects.create(integration_type="acme", subject="anvil")
    assert timedelta(minutes=9) < hook.due_at - timezone.now() <= timedelta(minutes=10)
    link.signing_secret = hook.signing_secret
    path = f"/integrations/acme/hook/{hook.hook_token}"
    RegisteredHook.objects.update(due_at=timezone.now())
    (late,) = post(DONE, path=path)
    assert late.status_code == 410


def test_a_webhook_that_is_being_removed_is_gone(post, link):
    hook = RegisteredHook.objects.create(integration_type="acme", subject="anvil")
    link.signing_secret = hook.signing_secret
    RegisteredHook.objects.update(attempts=1)
    (tried,) = post(DONE, path=f"/integrations/acme/hook/{hook.hook_token}")
    assert tried.status_code == 410


def test_who_is_not_genuine_does_not_hear_that_a_link_comes(post, link):
    hook = RegisteredHook.objects.create(integration_type="acme", subject="anvil")
    (forged,) = post(DONE, path=f"/integrations/acme/hook/{hook.hook_token}")
    assert forged.status_code == 401


def test_what_a_partner_understands_wins(post, link, acme):
    acme.refused = lambda reason: Response(409 if reason is Reason.NOT_YET else 401)
    hook = RegisteredHook.objects.create(integration_type="acme", subject="anvil")
    link.signing_secret = hook.signing_secret
    (tried,) = post(DONE, path=f"/integrations/acme/hook/{hook.hook_token}")
    assert tried.status_code == 409


@pytest.fixture
def shared_path(post, link):
    """The address of a webhook that serves a link, and whose route is remembered."""
    hook = RegisteredHook.objects.create(integration_type="acme", subject="anvil")
    link.signing_secret, link.registered_hook = hook.signing_secret, hook
    link.save()
    path = f"/integrations/acme/hook/{hook.hook_token}"
    post(DONE, path=path)
    return path


def joining(link) -> IntegrationLink:
    other = Team.objects.create(name="Night Shift")
    return IntegrationLink(
        integration_type="acme", team=other, registered_hook=link.registered_hook
    )


def heard_by(post, path) -> set[int]:
    Receipt.objects.all().delete()
    (answer,) = post(DONE, path=path)
    return set(Receipt.objects.values_list("link_id", flat=True)) if answer.is_success else set()


def test_a_link_that_joins_a_webhook_is_served_at_once(post, link, shared_path):
    second = joining(link)
    second.save()
    assert heard_by(post, shared_path) == {link.pk, second.pk}


def test_a_link_that_another_process_joins_is_served_within_a_second(
    post, link, shared_path, monkeypatch
):
    second = joining(link)
    second.sealed_secret = "unused"
    IntegrationLink.objects.bulk_create([second])
    assert heard_by(post, shared_path) == {link.pk}
    later = time.monotonic() + 1.0
    monkeypatch.setattr(routes, "time", SimpleNamespace(monotonic=lambda: later))
    assert heard_by(post, shared_path) == {link.pk, second.pk}


@pytest.fixture
def in_doubt(monkeypatch):
    """A moment later: what is known is still believed, unless a hook says otherwise."""

    def wait():
        later = time.monotonic() + 2 * routes.BELIEVED_IN_DOUBT
        monkeypatch.setattr(routes, "time", SimpleNamespace(monotonic=lambda: later))

    return wait


def test_a_secret_that_was_handed_over_to_another_process_holds_here_at_once(
    post, link, signed, in_doubt
):
    assert post(DONE)[0].status_code == 200
    link.signing_secret = "another secret of theirs"
    IntegrationLink.objects.filter(pk=link.pk).update(sealed_secret=link.sealed_secret)
    in_doubt()
    assert post(DONE, **{"x-acme-delivery": "by the new one"})[0].status_code == 200


def test_a_place_that_another_process_has_linked_is_heard_of_at_once(
    post, link, acme, shared_path, in_doubt
):
    acme.concerns = lambda hook: frozenset(("mill",))
    IntegrationLink.objects.filter(pk=link.pk).update(subject="forge")
    Routes.change()
    assert heard_by(post, shared_path) == set()
    IntegrationLink.objects.filter(pk=link.pk).update(subject="mill")
    in_doubt()
    assert heard_by(post, shared_path) == {link.pk}


def test_who_forges_hooks_in_a_row_asks_the_database_once(post, monkeypatch):
    asked = []
    find = Routes.find
    monkeypatch.setattr(Routes, "find", lambda *args: asked.append(args) or find(*args))
    now = time.monotonic()
    monkeypatch.setattr(routes, "time", SimpleNamespace(monotonic=lambda: now))
    post(DONE)
    for _ in range(5):
        assert post(DONE, **{"x-acme-signature": "sha256=0"})[0].status_code == 401
    assert len(asked) == 1


def test_a_change_that_is_saved_while_a_route_is_looked_up_is_not_missed(
    post, link, ingest, shared_path, monkeypatch
):
    second, look_up = joining(link), routes._by_token

    def overtaken(*arguments):
        found = look_up(*arguments)
        second.save()
        return found

    Routes.change()
    monkeypatch.setattr(routes, "_by_token", overtaken)
    assert heard_by(post, shared_path) == {link.pk}
    assert heard_by(post, shared_path) == {link.pk, second.pk}


def test_a_change_that_is_taken_back_was_none(link):
    before = Routes.changes
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        link.save()
        1 / 0  # noqa: B018
    assert Routes.changes == before
    link.save()
    assert Routes.changes == before + 1


def test_a_partner_may_try_the_address_first(post):
    (head,), (get,) = post(b"", method="HEAD"), post(b"", method="GET")
    assert (head.status_code, get.status_code) == (200, 405)


def test_everything_else_goes_elsewhere(post):
    for path in ("/", "/integrations/acme/link", "/integrations/other/hook/t"):
        (answer,) = post(DONE, path=path)
        assert answer.content == b"elsewhere"


def test_while_the_database_is_away_senders_hear_later(post, monkeypatch):
    def broken(rows):
        raise DatabaseError("away")

    monkeypatch.setattr(writer, "store", broken)
    (answer,) = post(DONE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_one_that_the_database_cannot_take_is_no_reason_to_refuse_the_others(post, monkeypatch):
    stored = writer.store

    def picky(rows):
        if any(b"cursed" in row.hook.body for row in rows):
            raise DataError("A string literal cannot contain NUL.")
        stored(rows)

    monkeypatch.setattr(writer, "store", picky)
    contents = [DONE | {"number": number} for number in range(6)]
    contents[4] = DONE | {"text": "cursed"}
    answers = post(*contents)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 503, 200]
    assert Receipt.objects.count() == 5


def test_a_name_that_no_database_can_hold_is_stored_without_what_is_wrong_with_it(post):
    (answer,) = post(DONE, **{"x-acme-delivery": "d\x001"})
    assert answer.status_code == 200
    assert Receipt.objects.get().delivery_key == "d1"


def test_two_long_names_that_begin_alike_are_two_deliveries(post):
    for end in "ab":
        post(DONE, **{"x-acme-delivery": "d" * 300 + end})
    assert Receipt.objects.count() == 2


def test_when_memory_is_full_senders_hear_later(post, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_HELD", 10)
    (answer,) = post(DONE)
    assert answer.status_code == 503
    assert not Receipt.objects.exists()


def test_a_sender_that_never_finishes_is_let_go(ingest, link, monkeypatch):
    monkeypatch.setattr(bounds, "BODY_PATIENCE", 0.05)
    said = []

    async def receive():
        await asyncio.sleep(30)

    async def send(message):
        said.append(message)

    path = f"/integrations/acme/hook/{link.hook_token}"
    scope = {"type": "http", "path": path, "method": "POST", "headers": [], "query_string": b""}
    asyncio.run(ingest(scope, receive, send))
    assert said[0]["status"] == 408


def test_a_hook_becomes_one_entry_of_the_person_who_did_it(post, team, ada):
    post(DONE, {**DONE, "body": "Turned it again", "key": "again"})
    while Receipt.drain():
        pass
    entries = Entry.objects.order_by("body")
    assert [entry.body for entry in entries] == ["Turned it again", "Turned the crank"]
    assert {(entry.user, entry.team, entry.created_by) for entry in entries} == {
        (ada, team, "acme")
    }


def test_long_keys_that_begin_alike_stay_two_entries(post):
    begun = "crank" * 100
    post({**DONE, "key": f"{begun}:1"}, {**DONE, "body": "Turned it back", "key": f"{begun}:2"})
    while Receipt.drain():
        pass
    assert {entry.body for entry in Entry.objects.all()} == {"Turned the crank", "Turned it back"}


@pytest.mark.skipif(settings.INBOX == "default", reason="PostgreSQL locks rows, not files.")
def test_who_comes_while_somebody_else_has_the_file_is_told_soon_to_come_again(post, monkeypatch):
    monkeypatch.setattr(writer, "BUSY", 1_000)
    monkeypatch.setattr(writer, "MOST_ROWS", 1)
    path = settings.DATABASES[settings.INBOX]["NAME"]
    with closing(sqlite3.connect(path, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        answers = post(*(DONE | {"key": str(number)} for number in range(8)))
        took = time.monotonic() - began
        somebody.execute("ROLLBACK")
    assert {(each.status_code, each.headers["retry-after"]) for each in answers} == {(503, "5")}
    assert took < 5, "They do not wait one after the other."
    assert post(DONE)[0].status_code == 200


class Answering(Replies, Acme):
    """Tells whoever did it for which team that is."""

    def reply(self, hook, directory):
        found = directory.find(Actor(hook.json["uid"]))
        told = getattr(found, "team", found)
        return Response(body=f"{told} {len(directory.suggestions(Actor('1815')))}".encode())


def test_a_reply_at_the_address_of_a_link_is_for_the_team_of_that_link(post, link, monkeypatch):
    answering = Answering()
    monkeypatch.setattr(registry, "integrations", lambda: {"acme": answering})
    IntegrationLink.objects.create(
        integration_type="acme", team=Team.objects.create(name="Night Shift")
    )
    now = timezone.now()
    waits = {"kind": "done", "body": "x", "key": "x", "day": now.date(), "expires_at": now + DAY}
    Suggestion.objects.create(link=link, team=link.team, user=link.user, **waits)
    answers = post(DONE, {**DONE, "uid": "4711"})
    assert [answer.text for answer in answers] == ["Analytical Engines 0", "no_person 0"]
    assert Receipt.objects.count() == 2
