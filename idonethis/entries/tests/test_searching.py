"""What is found, alike on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from idonethis.entries.drafts import Draft, Origin
from idonethis.entries.models import Entry
from idonethis.entries.search import Asked, Place, Within, fts5, index, postgresql
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

SHA = "3f9c2e1ab4d5e6f708192a3b4c5d6e7f80912a3b"
LOG = {
    "queue": "Merged “Bound the retry queue” (#412)",
    "deploy": "Deployed the queue to staging, at last",
    "crème": "Crème brûlée for the whole team",
    "tag": "Oiled the mill #retry-queue #gears",
    "plain": "Counted gears and wheels, 12 of each",
    "paired": "Paired with @grace on the mill",
    "mail": "Wrote to grace.hopper@example.org about COBOL",
    "snake": "Renamed parse_hook to read_hook in engine/parse.py",
    "number": "Closed #4123 and !77",
    "cjk": "東京タワーで会議をした",
    "korean": "배포를 끝냈다",
    "russian": "Починил насос в Йошкар-Оле",
    "emoji": "Shipped it 🎉 and went home 👩🏽‍💻",
    "german": "Größe der Zahnräder geprüft",
    "markup": "Removed <script>alert(1)</script> & “quotes”",
    "words": "NEAR the mill AND the dam, NOT the weir OR the sea",
    "commit": f"Wound the engine by {SHA}",
    "hidden": "Said a word of nothing",
}
ADDRESSES = {
    "queue": "https://github.com/northwind/api/pull/412",
    "deploy": f"https://github.com/northwind/api/commit/{SHA}",
}
CASES = {
    "queue": "queue deploy tag",
    "QUEUE Retry": "queue tag",
    "retry bound": "queue",
    "depl": "deploy",
    "loyed": "",
    "queue staging": "deploy",
    "queue nothing": "",
    '"retry queue"': "tag queue",
    '"queue retry"': "",
    '"retry que"': "",
    '"the queue': "deploy",
    "queue -staging": "queue tag",
    'queue -"retry queue"': "deploy",
    "mill -dam -mention -#gears": "paired",
    "creme brulee": "crème",
    "CRÈME": "crème",
    "cre\u0300me": "crème",
    "gears": "tag plain",
    "#gears": "tag",
    "#GEARS": "tag",
    "#retry-queue": "tag",
    "#retry": "",
    "@grace": "paired",
    "grace": "paired mail",
    "@ada": "",
    "412": "queue",
    "#412": "queue",
    "(#412)": "queue",
    "12": "plain",
    "#12": "",
    "!77": "number",
    "#77": "",
    "4123": "number",
    "parse_hook": "snake",
    "parse.py": "snake",
    "engine/parse": "snake",
    "grace.hopper@example.org": "mail",
    "example.com": "",
    SHA: "commit deploy",
    SHA[:8].upper(): "commit deploy",
    "https://github.com/northwind/api/pull/412": "queue",
    "http://GitHub.com/northwind/api/pull/412/": "queue",
    "https://github.com/northwind/api/pull/41": "",
    "github": "",
    "東京": "cjk",
    "会議": "cjk",
    "会議 東京": "cjk",
    "会議 -東京": "",
    "東京_ワー": "",
    "東京%会": "",
    "東京\\": "",
    "배포": "korean",
    "ЙОШКАР": "russian",
    "иошкар": "",
    "насос": "russian",
    "🎉": "emoji",
    "shipped 🎉": "emoji",
    "-🎉 shipped": "",
    "👩🏽‍💻": "emoji",
    "🦀": "",
    "größe": "german",
    "grosse": "",
    "zahnrader": "german",
    "alert(1)": "markup",
    "<script>": "markup",
    "NEAR mill AND dam": "words",
    "NOT": "words hidden",
    "mill AND": "words",
    "OR sea": "words",
    "NEAR(mill dam, 1)": "",
    "mill*": "tag paired words",
    "mi*ll": "",
    "body:mill": "",
    "about:t1": "",
    "^mill": "tag paired words",
    "mill\0dam": "",
    "mi\0ll dam": "words",
    "word": "hidden",
    "": "",
    " ": "",
    '"': "",
    '""': "",
    '"""': "",
    "-": "",
    "--": "",
    "'": "",
    "\\": "",
    "%": "",
    "_": "",
    "% _": "",
    "***": "",
    "( ) { } [ ]": "",
    "'); DROP TABLE entries_entry; --": "",
    "mill' OR '1'='1": "",
    "mill & !dam | sea:*": "words",
    ":* & | ! <->": "",
    "mill\\": "tag paired words",
    "#": "",
    "@": "",
    "\ud800": "",
    "\u202e": "",
    "\U0010ffff": "",
}


@pytest.fixture
def log(team, ada):
    return {
        name: Entry.objects.log(
            Draft(body=body, url=ADDRESSES.get(name, "")), team=team, user=ada
        ).pk
        for name, body in LOG.items()
    }


def search(text: str, *teams: Team, most: int = 50, **narrowed) -> list[Entry]:
    within = Within(tuple(team.pk for team in teams), **narrowed)
    return list(Entry.objects.search(Asked.of(text), within, most=most))


def names(log, found) -> set[str]:
    by_pk = {pk: name for name, pk in log.items()}
    return {by_pk[entry.pk] for entry in found}


def test_what_somebody_types_finds_what_says_it(log, team):
    found = {text: names(log, search(text, team)) for text in CASES}
    assert found == {text: set(expected.split()) for text, expected in CASES.items()}


def test_ten_thousand_characters_are_as_good_as_some(log, team):
    for sign in ("queue ", '"', "-", "(", "a*", "#x ", "東", "🎉 ", "x", "\\", "' OR "):
        search(sign * 10_000, team)
    assert names(log, search("queue " * 2_000, team)) == {"queue", "deploy", "tag"}
    assert names(log, search(f"queue{' ' * 300}staging", team)) == {"queue", "deploy", "tag"}


def test_what_another_team_says_is_not_found(log, team, mallory):
    night = Team.objects.found("Night", admin=mallory)
    Entry.objects.log(Draft(body="Stole the queue"), team=night, user=mallory)
    assert [each.body for each in search("queue", night)] == ["Stole the queue"]
    assert "Stole the queue" not in [each.body for each in search("queue", team)]
    assert len(search("queue", team, night)) == 4
    assert search("queue") == []
    assert {each.team for each in search(f't{night.pk} queue" OR about:t{night.pk}', team)} <= {
        team
    }


def test_the_newest_day_stands_first_and_on_it_what_was_logged_last(team, ada):
    for day in ("2026-11-03", "2026-11-05", "2024-02-29", "2026-11-05", "0001-01-01", "9999-12-31"):
        entry = Entry.objects.log(Draft(body=f"Cast of {day}"), team=team, user=ada)
        Entry.objects.filter(pk=entry.pk).update(occurred_on=day)
    days = ["9999-12-31", "2026-11-05", "2026-11-05", "2026-11-03", "2024-02-29", "0001-01-01"]
    entries = search("cast", team)
    assert [str(each.occurred_on) for each in entries] == days
    assert entries[1].pk > entries[2].pk


def test_page_after_page_everything_is_found_once(team, grace, ada, monkeypatch):
    monkeypatch.setattr(postgresql, "NEWEST", 7)
    other = Team.objects.found("Night", admin=ada)
    for number in range(40):
        where = (team, other, team)[number % 3]
        body = ("Cast a gear", "Cast a bell", "Rested")[number % 4 % 3]
        entry = Entry.objects.log(Draft(body=body), team=where, user=ada)
        Entry.objects.filter(pk=entry.pk).update(occurred_on=date(2026, 1, 1 + number * 7 % 11))
    for text in ("cast", "bell", "gear -bell", "-bell", "g"):
        whole, paged, before = search(text, team, other, most=99), [], None
        for _ in range(20):
            page = search(text, team, other, most=3, before=before)
            if not page:
                break
            paged += page
            before = Place(page[-1].occurred_on, page[-1].pk)
        assert [each.pk for each in paged] == [each.pk for each in whole]
    assert len(search("cast", team, other, most=99)) == 30


def test_filters_narrow_it(log, team, grace, ada):
    goal = Entry.objects.log(Draft(body="Empty the queue", kind="goal"), team=team, user=grace)
    github = Entry.objects.log(
        Draft(body="Filled the queue"), team=team, user=grace, origin=Origin("git-hub")
    )
    Entry.objects.filter(pk=github.pk).update(occurred_on=date(2026, 3, 4))
    assert search("queue", team, kind="goal") == [goal]
    assert search("queue", team, person=grace.pk) == [goal, github]
    assert search("queue", team, source="git-hub") == [github]
    assert search("queue", team, source="git") == []
    march = {"since": date(2026, 3, 4), "until": date(2026, 3, 4)}
    assert search("queue", team, **march) == [github]
    assert search("queue", team, since=date(2026, 3, 5), until=date(2026, 3, 5)) == []
    assert goal in search("queue", team, since=date(2026, 3, 5))


def test_whatever_becomes_of_an_entry_it_is_found_by_what_it_says_now(team, ada):
    entry = Entry.objects.log(Draft(body="Cast a gear"), team=team, user=ada)
    entry.edit(kind="goal", body="Forged a bolt")
    assert search("gear", team) == [] and search("bolt", team, kind="goal") == [entry]
    entry.delete_softly(by=ada)
    assert search("bolt", team) == []
    entry.edit(kind="done", body="Forged a nut")
    assert search("nut", team) == []
    entry.restore()
    assert search("nut", team) == [entry] and search("bolt", team) == []
    entry.move_to(date(2020, 2, 2))
    assert search("nut", team, until=date(2020, 2, 2)) == [entry]
    Entry.objects.filter(pk=entry.pk).update(body="Forged a key", deleted_at=timezone.now())
    Entry.objects.filter(pk=entry.pk).update(deleted_at=None)
    assert search("key", team) == [entry] and search("nut", team) == []
    entry.delete()
    assert search("key", team) == []


def test_many_at_once_are_found_too(team, ada):
    at = timezone.now()
    Entry.objects.bulk_create(
        Entry(team=team, user=ada, body=f"Gear {n}", occurred_at=at, occurred_on=at.date())
        for n in range(30)
    )
    assert len(search("gear", team)) == 30
    Entry.objects.filter(body="Gear 7").delete()
    assert len(search("gear", team)) == 29
    Team.objects.all().delete()
    assert search("gear", team) == []


def test_words_of_any_length_can_be_written_and_found(team, ada):
    long = Entry.objects.log(Draft(body=f"{'x' * 1999} "), team=team, user=ada)
    many = Entry.objects.log(Draft(body="ab " * 666), team=team, user=ada)
    assert search("x" * 300, team) == [long] and search("ab", team) == [many]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such choice.")
def test_without_fts5_all_is_looked_through_and_with_it_the_index_is_made_anew(
    log, team, monkeypatch
):
    with monkeypatch.context() as lacking:
        lacking.setattr(fts5, "is_known", lambda connection: False)
        index.ensure()
        assert names(log, search("queue -staging", team)) == {"queue", "tag"}
        assert search("queue", team, kind="goal") == [] == search("queue", team, before=PAST)
        Entry.objects.filter(pk=log["plain"]).update(body="Wrote without an index")
        assert names(log, search("without", team)) == {"plain"}
    index.ensure()
    assert names(log, search("without", team)) == {"plain"} and search("wheels", team) == []


def test_an_index_that_is_there_is_not_made_again(django_assert_num_queries):
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 5):
        index.ensure()


def test_the_index_can_be_taken_away_and_made_of_what_there_is(log, team):
    connection.check_constraints()  # PostgreSQL alters no table while some are still to come
    index.remove()
    Entry.objects.filter(pk=log["plain"]).update(body="Wrote without an index")
    connection.check_constraints()
    index.ensure()
    assert names(log, search("without", team)) == {"plain"} and search("wheels", team) == []
    assert len(search("queue", team)) == 3


PAST = Place(date(1815, 12, 10), 1)


@pytest.mark.parametrize("text", ["", "_", "2026-13-01_1", "2026-01-01_x", "x" * 999, "\0_\0"])
def test_a_place_that_nobody_handed_out_is_none(text):
    assert Place.read(text) is None
    assert str(Place.read("2026-01-01_" + "9" * 99)) == "2026-01-01_" + "9" * 18
