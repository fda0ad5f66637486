"""After somebody is deleted, nothing that is stored names them."""

from __future__ import annotations

import json
import re

import pytest
import zstandard
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection
from django.test import Client

from idonethis.accounts.models import User
from idonethis.audit.models import AuditRecord
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Comment, Entry
from idonethis.entries.traces import Traces
from idonethis.integrations.models import (
    Erasure,
    Incident,
    IntegrationLink,
    IntegrationUser,
    Receipt,
    RegisteredHook,
    Revocation,
    Suggestion,
    UnclaimedPerson,
    apart,
)
from idonethis.integrations.models.claiming import believe
from idonethis.integrations.models.sweeping import deliver, look_after, sweep
from idonethis.integrations.tests.web.conftest import (  # noqa: F401
    as_ada,
    browsers,
    casts,
    connect,
    create,
    foundry,
    foundry_server,
    world,
)
from idonethis.porting import reading
from idonethis.porting.models import Upload
from idonethis.privacy.deletion import CannotGo, Deletion
from idonethis.teams.models import Team
from idonethis.teams.signals import member_leaves

pytestmark = pytest.mark.django_db

CANARIES = ("Zebulon", "Quagmire", "zebulon@example.org", "zq@second.example", "zq-octo", "zebby")


@pytest.fixture
def zebulon(team, world) -> User:  # noqa: F811
    """A member of Ada's team, whose name stands in every place where a name can stand."""
    person = User.objects.enrol(
        "zebulon@example.org", "swamp", verified=True, name="Zebulon Quagmire", nickname="zebby"
    )
    EmailAddress.objects.create(user=person, email="zq@second.example", verified=True)
    Team.objects.personal(person)
    team.join(person)
    world.people["1999"] = "zq-octo"
    return person


@pytest.fixture
def full(zebulon, foundry, world, team, ada, as_ada):  # noqa: F811
    """They have worked here for a while."""
    connect(as_ada, world)
    create(as_ada)
    link = IntegrationLink.objects.get()
    theirs = Client()
    theirs.force_login(zebulon)
    connect(theirs, world, who="1999")
    casts(link, "1999", key="1", body="Cast a gear with zq-octo", login="zq-octo")
    casts(link, "1815", key="2", body="Cast a wheel for zq-octo (Zebulon Quagmire)")
    link.config |= {"how": "suggest"}
    link.save()
    casts(link, "1999", key="3", body="Cast a bell in secret", login="zq-octo")
    casts(link, "1815", key="4", body="Cast a rod for zq-octo (Zebulon Quagmire)")
    log = Entry.objects.log
    log(Draft(body="I, Zebulon Quagmire, fixed it"), team=team, user=zebulon)
    log(Draft(body="Alone"), team=Team.objects.personal(zebulon), user=zebulon)
    paired = log(Draft(body="Paired with @zebby on the mill"), team=team, user=ada)
    Comment.objects.create(entry=paired, user=zebulon, body="Zebulon Quagmire was here")
    UnclaimedPerson.objects.create(
        team=team, integration_type="foundry", key="@zq-octo", login="zq-octo"
    )
    elsewhere = Team.objects.found("Mills", admin=ada)
    row = b"zebulon@example.org,done,Oiled it with Zebulon,2015-03-02"
    Upload.objects.keep(reading.read(row), team=elsewhere, name="log.csv", user=ada)
    said = {"name": zebulon.name, "nickname": "zebby", "time_zone": "UTC", "day_ends_at": "0"}
    assert theirs.post("/settings", said).status_code == 302
    while deliver():
        pass
    return link


def everything_stored():
    """Every value of every row of every table, and what is packed inside of them."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            for name, value in row.items():
                where = f"{model.__name__}.{name}"
                if isinstance(value, memoryview | bytes):
                    yield where, unpacked(value)
                else:
                    yield where, json.dumps(value, default=str)
    if apart.is_used():
        for (request,) in apart.rows("SELECT request FROM integrations_request"):
            yield "Receipt.request", unpacked(request)


def unpacked(stored):
    """Nothing, in the row of a receipt whose request lies apart."""
    return zstandard.decompress(bytes(stored)).decode() if stored else ""


def hits():
    found = re.compile("|".join(map(re.escape, CANARIES)), re.IGNORECASE)
    return {where for where, value in everything_stored() if found.search(value)}


def all_done():
    while deliver() or sweep():
        pass


def test_before_they_are_everywhere_and_after_nowhere(full, zebulon):
    places = {"User.name", "EmailAddress.email", "Entry.body", "Receipt.request", "Comment.body"}
    places |= {"IntegrationUser.login", "UnclaimedPerson.login", "User.nickname"}
    assert (
        places | {"Suggestion.body", "Attempt.exchange", "Upload.people", "Part.packed"} <= hits()
    )
    Deletion(zebulon).run()
    all_done()
    assert hits() == set()
    assert [each.body for each in Suggestion.objects.all()] == [
        "Cast a rod for former-member (former-member)"
    ]
    assert not Erasure.objects.exists() and not Revocation.objects.exists()


@pytest.fixture
def unmerged(transactional_db):
    """The index merges nothing by itself: what it would have merged by now, chance decides.
    https://www.sqlite.org/fts5.html#the_automerge_configuration_option"""
    _configure(automerge=0, crisismerge=1900)
    yield
    _configure(automerge=4, crisismerge=16)


def _configure(**options):
    with connection.cursor() as cursor:
        for option in options.items():
            cursor.execute("INSERT INTO entries_words(entries_words, rank) VALUES (%s, %s)", option)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL vacuums by itself.")
@pytest.mark.django_db(transaction=True)
def test_no_word_of_theirs_is_left_in_the_index_of_words(unmerged, full, zebulon, team):
    """Neither in what it knows nor in the bytes of its pages, where the beginning of a word may
    stand with the one before."""
    assert "zebulon" in _terms() and b"ebulon" in _pages()
    Deletion(zebulon).run()
    assert "zebulon" not in _terms() and b"ebulon" in _pages()
    all_done()
    Erasure.drain()
    assert not [word for word in _terms() if "ebulon" in word or "uagmire" in word]
    assert b"ebulon" not in _pages() and b"uagmire" not in _pages()
    assert "former" in _terms()


def _terms():
    """https://www.sqlite.org/fts5.html#the_fts5vocab_virtual_table_module"""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms "
            "USING fts5vocab('main', 'entries_words', 'row')"
        )
        cursor.execute("SELECT term FROM temp.terms")
        return {term for (term,) in cursor.fetchall()}


def _pages():
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM entries_words_data")
        return b"".join(block for (block,) in cursor.fetchall())


def test_a_link_that_nobody_can_take_over_says_so_without_their_name(full, zebulon, ada):
    IntegrationUser.objects.exclude(uid="1999").update(sealed="")
    full.integration_user, full.user = IntegrationUser.objects.get(uid="1999"), zebulon
    full.save()
    Deletion(zebulon).run()
    while all_done() or look_after():
        pass
    assert hits() == set() and not IntegrationUser.objects.filter(kind="left").exists()
    incident = Incident.objects.standing().get()
    assert incident.link == full
    assert incident.why == "Whoever connected it has left. Connect another account."
    assert set(incident.notices.values_list("user", flat=True)) == {ada.pk}


def test_what_is_called_after_their_address_is_called_otherwise_and_other_links_stay(
    full, zebulon, team
):
    theirs = {"calendar": "zebulon@example.org|Zebulon"}
    told = {"told": {"wheel": {"organizer": {"email": "zq@second.example"}}}}
    link = IntegrationLink.objects.create(
        integration_type="foundry",
        team=team,
        user=zebulon,
        subject="zebulon@example.org",
        config=theirs,
        poll_cursor=told,
        registered_hook=RegisteredHook.objects.create(
            integration_type="foundry", subject="zebulon@example.org", state="active"
        ),
    )
    forge = {"subject": "zq-octo/engine", "config": {"forge": "zq-octo/engine"}}
    other = IntegrationLink.objects.create(integration_type="foundry", team=team, **forge)
    Deletion(zebulon).run()
    for row in (link, link.registered_hook, other):
        row.refresh_from_db()
    assert "zebulon@" not in f"{link.subject} {link.config} {link.registered_hook.subject}"
    assert link.poll_cursor == {"told": {"wheel": {"organizer": {"email": "former-member"}}}}
    assert {"subject": other.subject, "config": other.config} == forge


def test_what_they_logged_stays_in_the_team_without_their_name(full, zebulon, team):
    Deletion(zebulon).run()
    bodies = set(Entry.objects.for_team(team).values_list("body", flat=True))
    assert "I, former-member, fixed it" in bodies
    assert "Paired with former-member on the mill" in bodies
    kept = Entry.objects.get(body="I, former-member, fixed it")
    assert str(kept.user) == "Former member"
    assert not Entry.objects.filter(body="Alone").exists()


def test_where_the_team_wants_it_so_it_goes_with_them(full, zebulon, team, ada):
    team.when_deleted = "go"
    team.save()
    Deletion(zebulon).run()
    all_done()
    assert set(Entry.objects.values_list("user", flat=True)) == {ada.pk}
    assert not Comment.objects.exists()
    assert hits() == set()


def test_a_name_that_is_a_word_like_any_other_stays_in_the_words_of_others(team, ada, grace):
    grace.name = "Grace"
    grace.save()
    Entry.objects.log(Draft(body="Asked for a grace period"), team=team, user=ada)
    Deletion(grace).run()
    assert Entry.objects.get().body == "Asked for a grace period"


def test_what_was_suggested_to_them_goes_though_its_hook_names_nobody(full, zebulon):
    theirs = Suggestion.objects.get(user=zebulon)
    Receipt.objects.filter(suggestion=theirs.hash_id).update(actor_key="")
    Deletion(zebulon).run()
    all_done()
    assert Receipt.objects.get(suggestion=theirs.hash_id).hook.body == b""


def test_hooks_of_others_stay_and_can_be_replayed(full, zebulon):
    Deletion(zebulon).run()
    all_done()
    theirs, others, suggested, to_others = Receipt.objects.order_by("pk")
    assert theirs.hook.body == b"" and "deleted here" in theirs.why
    assert others.hook.json["body"] == "Cast a wheel for former-member (former-member)"
    assert suggested.hook.body == b""
    assert to_others.hook.json["body"] == "Cast a rod for former-member (former-member)"


def test_they_cannot_sign_in_and_are_signed_out(full, zebulon):
    browser = Client()
    assert browser.login(email="zebulon@example.org", password="swamp")
    assert browser.get("/settings").status_code == 200
    Deletion(zebulon).run()
    assert browser.get("/settings").status_code == 302
    assert not browser.login(email="zebulon@example.org", password="swamp")


def test_what_they_allowed_at_a_partner_is_ended_after_their_webhooks_are_gone(
    full,
    zebulon,
    world,  # noqa: F811
):
    account = IntegrationUser.objects.get(uid="1999")
    hook = RegisteredHook.objects.create(
        integration_type="foundry", subject="ada/cold", integration_user=account, state="due"
    )
    world.hooks[hook.url] = {"url": hook.url, "secret": "x", "forge": "ada/cold"}
    Deletion(zebulon).run()
    [grant] = [grant for grant in world.grants if grant.who == "1999"]
    Revocation.drain()
    assert not grant.dead
    hook.delete()
    Revocation.objects.start_over()
    Revocation.drain()
    assert grant.dead and not Revocation.objects.exists()
    assert not IntegrationUser.objects.filter(pk=account.pk).exists()


@pytest.mark.parametrize(("status", "is_left"), [(503, True), (404, False)])
def test_a_partner_that_does_not_answer_is_asked_again(full, zebulon, world, status, is_left):  # noqa: F811
    Deletion(zebulon).run()
    world.out = status
    Revocation.drain()
    assert Revocation.objects.exists() == is_left
    Revocation.objects.update(attempts=7, due_at="2020-01-01T00:00Z")
    Revocation.drain()
    assert not Revocation.objects.exists()


def test_links_are_handed_over_before_their_accounts_go(full, zebulon, team):
    heard = []

    def listen(team, user, **signal):
        accounts = IntegrationUser.objects.filter(user=user).exists()
        heard.append((team, user, accounts, team.has_member(user)))

    member_leaves.connect(listen)
    try:
        Deletion(zebulon).run()
    finally:
        member_leaves.disconnect(listen)
    assert heard == [(team, zebulon, True, False)]


def test_nobody_leaves_a_team_without_an_admin_or_a_server_without_one(team, ada, grace):
    with pytest.raises(CannotGo, match="Nobody else is an admin of Analytical Engines"):
        Deletion(ada).run()
    ada.is_superuser = True
    ada.save()
    with pytest.raises(CannotGo, match="Nobody else administers this server"):
        Deletion(ada).run()
    ada.refresh_from_db()
    assert ada.name == "Ada Lovelace" and team.has_member(ada)


def test_a_team_in_which_nobody_else_is_goes_too(ada):
    alone = Team.objects.found("Alone", admin=ada)
    assert Deletion(ada).teams_that_go == [alone]
    Deletion(ada).run()
    assert not Team.objects.filter(pk=alone.pk).exists()


def test_that_it_was_done_stays_written_down_without_a_name(full, zebulon):
    Deletion(zebulon).run()
    deleted = AuditRecord.objects.get(action="person.deleted")
    assert deleted.thing == zebulon.hash_id
    assert str(User.objects.get(hash_id=deleted.thing)) == "Former member"


def test_somebody_whom_a_team_had_recognised_is_forgotten_there(zebulon, team, foundry):  # noqa: F811
    stranger = UnclaimedPerson.objects.create(
        team=team, integration_type="foundry", key="1999", login="zq-octo"
    )
    believe(stranger, zebulon, evidence="assigned")
    Deletion(zebulon).run()
    assert not IntegrationUser.objects.exists()


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (b'{"login":"zq-octo"}', b'{"login":"former-member"}'),
        (b'{"login":"ZQ-Octo"}', b'{"login":"former-member"}'),
        (b'{"login":"xzq-octo"}', b'{"login":"xzq-octo"}'),
        (b'{"name":"Zo\\u00eb Q"}', b'{"name":"former-member"}'),
        ('{"name":"Zoë Q"}'.encode(), b'{"name":"former-member"}'),
        (b"name=Zo%C3%AB+Q&x=1", b"name=former-member&x=1"),
        (b"name=Zo%C3%AB%20Q&x=1", b"name=former-member&x=1"),
        (b"mail=z%40example.org", b"mail=former-member"),
    ],
)
def test_a_name_is_found_however_it_is_written(content, left):
    traces = Traces.of(["zq-octo", "Zoë Q", "z@example.org"])
    assert traces.erased_bytes(content) == left


def test_words_that_are_too_short_are_not_looked_for():
    assert Traces.of(["", "a", "ab"]).erased("a cab for ab") == "a cab for ab"
