"""Entries by programs: what they log, read, change and remove, and what they may not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone

from idonethis.accounts.answered import KEPT
from idonethis.accounts.models import Answered
from idonethis.api.tests.programs import FORM, program_of
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.teams.models import Role, Team

pytestmark = pytest.mark.django_db
ENTRIES = "/entries"


@pytest.fixture
def program(ada):
    return program_of(ada)


@pytest.fixture
def said(team):
    return {"body": "Turned the crank", "team_id": team.hash_id}


@pytest.fixture
def log(team, ada):
    def logging(body="Turned the crank", *, by=ada, where=team, **facts):
        return Entry.objects.log(Draft(body=body, **facts), team=where, user=by)

    return logging


def bodies(answer):
    return [each["body"] for each in answer]


# Logging.


def test_an_entry_is_answered_with_everything_that_the_api_has_always_told(program, said, ada):
    told = program.did("POST", ENTRIES, said)
    entry = Entry.objects.get()
    assert told["hash_id"] == entry.hash_id and told["body"] == told["body_formatted"]
    assert told["team"] == {"name": "Analytical Engines", "hash_id": said["team_id"]}
    assert told["user"] == {
        "email_address": "ada@example.org",
        "full_name": "Ada Lovelace",
        "hash_id": ada.hash_id,
    }
    assert (told["status"], told["completed_on"], told["archived_at"]) == ("done", None, None)
    assert told["occurred_on"] == str(ada.today())
    assert datetime.fromisoformat(told["created_at"]).tzinfo and told["updated_at"]
    assert (entry.created_by, entry.origin_label) == ("api", "My tool")
    assert told == program.got(f"{ENTRIES}/{entry.hash_id}")


@pytest.mark.parametrize("way", ["json", "form", "parts", "address", "both"])
def test_fields_are_taken_wherever_they_stand(program, said, way):
    form = f"body=Turned+the+crank&team_id={said['team_id']}"
    asked = {
        "json": lambda: program.did("POST", ENTRIES, said),
        "form": lambda: program.did("POST", ENTRIES, form, kind=FORM),
        "parts": lambda: program.client.post(
            f"/api/v2{ENTRIES}", said, headers={"Authorization": f"Token {program.shown}"}
        ).json(),
        "address": lambda: program.did("POST", f"{ENTRIES}?{form}"),
        "both": lambda: program.did(
            "POST", f"{ENTRIES}?body=Slept&team_id={said['team_id']}", said
        ),
    }[way]
    assert asked()["body"] == "Turned the crank" == Entry.objects.get().body


@pytest.mark.parametrize(
    ("body", "status", "kind", "kept"),
    [
        ("Turned it", None, "done", "Turned it"),
        ("[] Turn it", None, "goal", "Turn it"),
        ("[ ] Turn it", "done", "goal", "Turn it"),
        ("[x] Turned it", "goal", "done", "Turned it"),
        ("! No steam", None, "blocked", "No steam"),
        ("Turn it", "goal", "goal", "Turn it"),
        ("Turned it\nand oiled it", None, "done", "Turned it\nand oiled it"),
    ],
)
def test_marks_mean_what_they_mean_on_the_page(program, said, body, status, kind, kept):
    told = program.did("POST", ENTRIES, said | {"body": body, "status": status})
    assert (told["status"], told["body"]) == (kind, kept)


def test_tags_and_people_are_found_in_it(program, said, grace):
    told = program.did("POST", ENTRIES, said | {"body": "Oiled the #Mill with @grace"})
    assert told["tags"] == ["mill"]
    assert list(Entry.objects.get().mentioned.all()) == [grace]


def test_today_is_where_its_person_is(program, said, ada):
    ada.time_zone = "Pacific/Kiritimati"
    ada.save()
    assert program.did("POST", ENTRIES, said)["occurred_on"] == str(ada.today())


@pytest.mark.parametrize("day", ["2026-01-02", "2099-01-02"])
def test_a_day_is_taken_as_it_is_given(program, said, day):
    assert program.did("POST", ENTRIES, said | {"occurred_on": day})["occurred_on"] == day


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"body": ""}, "body: Field required."),
        ({"body": "[] "}, "body: There is nothing in it."),
        ({"body": "x" * 2001}, "body: It is longer than 2000 characters."),
        ({"body": ["x"]}, "body: Input should be a valid string."),
        ({"status": "asleep"}, "status: Input should be 'done', 'goal' or 'blocked'."),
        ({"occurred_on": "2026-02-30"}, "occurred_on: Input should be a valid date"),
        ({"occurred_on": "20261124"}, "occurred_on: Give a day such as 2026-11-24."),
        ({"occurred_on": "today"}, "occurred_on: Give a day such as 2026-11-24."),
        ({"team_id": None}, "team_id: Field required."),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_not_logged(program, said, wrong, told):
    status, sentence = program.refused("POST", ENTRIES, said | wrong)
    assert status == 422 and sentence.startswith(told)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "\xff"])
def test_what_cannot_be_read_is_refused_in_words(program, body):
    status, sentence = program.refused("POST", ENTRIES, body)
    assert status == 400 and sentence.endswith(".")


def test_what_no_database_holds_is_no_failure_of_ours(program, said):
    assert program.did("POST", ENTRIES, said | {"body": "a\0b"})["body"] == "ab"
    assert program.refused("POST", ENTRIES, said | {"team_id": "\0"})[0] == 404


def test_an_external_key_is_one_entry_however_often_it_comes(program, said, grace):
    first = program.did("POST", ENTRIES, said | {"key": "build 4711"})
    assert program.did("POST", ENTRIES, said | {"key": "build 4711", "body": "Else"}) == first
    theirs = program_of(grace).did("POST", ENTRIES, said | {"key": "build 4711"})
    assert theirs["hash_id"] != first["hash_id"]
    program.did("DELETE", f"{ENTRIES}/{first['hash_id']}")
    status, sentence = program.refused("POST", ENTRIES, said | {"key": "build 4711"})
    assert status == 422 and "was removed, and stays so" in sentence
    assert Entry.objects.alive().count() == 1


# Once, and not twice.


@pytest.mark.parametrize("key", ['"8e03978e"', "8e03978e"])
def test_the_same_key_and_the_same_request_is_the_same_answer(program, said, key):
    header = {"Idempotency-Key": key}
    first = program.ask("POST", ENTRIES, said, **header)
    Entry.objects.get().edit(kind="done", body="Something else by now")
    again = program.ask("POST", ENTRIES, said, **header)
    assert again.content == first.content and Entry.objects.count() == 1
    bare = program.did("POST", ENTRIES, said, **{"Idempotency-Key": "8e03978e"})
    assert bare == first.json()


def test_it_does_not_matter_how_the_same_was_sent(program, said):
    form = f"team_id={said['team_id']}&body={quote(said['body'])}"
    first = program.did("POST", ENTRIES, said, **{"Idempotency-Key": "k"})
    assert program.did("POST", ENTRIES, form, kind=FORM, **{"Idempotency-Key": "k"}) == first


def test_at_an_instant_of_no_whole_thousandth_it_is_the_same_too(program, said, monkeypatch):
    at = datetime.now(UTC).replace(microsecond=123)
    monkeypatch.setattr(timezone, "now", lambda: at)
    test_it_does_not_matter_how_the_same_was_sent(program, said)


def test_another_request_with_the_same_key_is_refused(program, said):
    program.did("POST", ENTRIES, said, **{"Idempotency-Key": "k"})
    other = said | {"body": "Something else"}
    status, sentence = program.refused("POST", ENTRIES, other, **{"Idempotency-Key": "k"})
    assert status == 422 and "was sent with another request before" in sentence
    assert Entry.objects.count() == 1


def test_a_key_is_that_of_a_token(program, said, ada):
    program.did("POST", ENTRIES, said, **{"Idempotency-Key": "k"})
    program_of(ada).did("POST", ENTRIES, said | {"body": "Else"}, **{"Idempotency-Key": "k"})
    assert Entry.objects.count() == 2


def test_after_a_day_it_is_forgotten(program, said):
    program.did("POST", ENTRIES, said, **{"Idempotency-Key": "k"})
    Answered.objects.forget()
    assert Answered.objects.count() == 1
    Answered.objects.update(made_at=timezone.now() - KEPT - timedelta(seconds=1))
    program.did("POST", ENTRIES, said, **{"Idempotency-Key": "k"})
    assert Entry.objects.count() == 2
    Answered.objects.update(made_at=timezone.now() - KEPT - timedelta(seconds=1))
    Answered.objects.forget()
    assert not Answered.objects.exists()


def test_what_was_refused_may_be_tried_again_with_the_same_key(program, said, team, ada):
    key = {"Idempotency-Key": "k"}
    assert program.refused("POST", ENTRIES, said | {"body": "[]"}, **key)[0] == 422
    program.did("POST", ENTRIES, said, **key)


@pytest.mark.parametrize("key", ["x" * 201, "ä"])
def test_a_key_that_is_none_is_refused(program, said, key):
    assert program.refused("POST", ENTRIES, said, **{"Idempotency-Key": key})[0] == 400
    assert not Entry.objects.exists()


# Reading.


def test_they_come_newest_first_and_a_page_at_a_time(program, log):
    for number in range(5):
        log(f"No. {number}")
    found, path, pages = [], f"{ENTRIES}?page_size=2&tag=", 0
    while path and pages < 9:
        answer = program.ask("GET", path)
        found, pages = found + bodies(answer.json()), pages + 1
        link = answer.headers.get("Link", "")
        path = link.partition(">")[0].removeprefix("<http://testserver/api/v2")
        assert not link or link.endswith('>; rel="next"')
    assert found == [f"No. {number}" for number in (4, 3, 2, 1, 0)] and pages == 3


def test_a_page_goes_on_where_it_was_although_its_last_entry_is_gone(program, log):
    for number in range(4):
        log(f"No. {number}")
    link = program.ask("GET", f"{ENTRIES}?page_size=2").headers["Link"]
    Entry.objects.filter(body="No. 2").delete()
    log("Newer")
    older = urlsplit(link.partition(">")[0].removeprefix("<"))
    answer = program.got(f"{ENTRIES}?{older.query}")
    assert bodies(answer) == ["No. 1", "No. 0"]


def test_entries_of_all_teams_are_told_as_one_log(program, log, ada):
    other = Team.objects.found("Mills", admin=ada)
    log("First"), log("Second", where=other), log("Third")
    assert bodies(program.got(ENTRIES)) == ["Third", "Second", "First"]
    assert bodies(program.got(f"{ENTRIES}?team_id={other.hash_id}")) == ["Second"]
    assert bodies(program.got(f"/teams/{other.hash_id}/entries")) == ["Second"]
    first = program.ask("GET", f"{ENTRIES}?page_size=1")
    rest = urlsplit(first.headers["Link"].partition(">")[0]).query
    assert bodies(program.got(f"{ENTRIES}?{rest}")) == ["Second"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=goal", ["Oil the mill"]),
        ("user=me", ["Oil the mill", "Cast a gear #Steam"]),
        ("user={grace}", ["Wrote a compiler"]),
        ("user=nobody", []),
        ("since=2026-11-24", ["Wrote a compiler"]),
        ("until=2026-11-23", ["Oil the mill", "Cast a gear #Steam"]),
        ("since=2026-11-22&until=2026-11-23", ["Oil the mill"]),
        ("tag=steam", ["Cast a gear #Steam"]),
        ("tag=STEAM", ["Cast a gear #Steam"]),
        ("q=MILL", ["Oil the mill"]),
        ("q=-", []),
        ("q=gear -mill", ["Cast a gear #Steam"]),
        ('q="the mill"', ["Oil the mill"]),
        ("q=mill&status=done", []),
        ("q=mill&status=goal&user=me&since=2026-11-23&until=2026-11-23", ["Oil the mill"]),
        ("q=mill&until=2026-11-22", []),
        ("q=mill&since=2026-11-24", []),
        ("q=compiler&user={grace}", ["Wrote a compiler"]),
        ("q=compiler&user=me", []),
        ("q=compiler&user=nobody", []),
        ("q=gear&tag=STEAM", ["Cast a gear #Steam"]),
        ("q=gear&tag=gear", []),
        ("q=gear&tag=~gear", []),
        ("q=mill&updated_since=2999-01-01", []),
        ("q=mill&updated_since=2000-01-01", ["Oil the mill"]),
        ("updated_since=2999-01-01", []),
        (
            "updated_since=2000-01-01T09:00Z",
            ["Wrote a compiler", "Oil the mill", "Cast a gear #Steam"],
        ),
    ],
)
def test_they_are_narrowed(program, log, ada, grace, query, found):
    log("Cast a gear #Steam", day=date(2026, 1, 1))
    log("Oil the mill", kind="goal", day=date(2026, 11, 23))
    Entry.objects.filter(kind="goal").update(occurred_on=date(2026, 11, 23))
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    log("Wrote a compiler", by=grace, occurred_at=at)
    assert bodies(program.got(f"{ENTRIES}?{query.format(grace=grace.hash_id)}")) == found


def test_a_page_of_what_is_found_with_a_tag_is_full(program, log):
    log("Gear 1 #mill"), log("Gear 2")
    assert bodies(program.got(f"{ENTRIES}?q=gear&tag=mill&page_size=1")) == ["Gear 1 #mill"]


def test_what_is_found_comes_a_page_at_a_time_too(program, log, ada):
    other = Team.objects.found("Mills", admin=ada)
    log("Gear 1"), log("Gear 2", where=other), log("A crank"), log("Gear 3", day=date(2026, 1, 1))
    seen, address = [], f"{ENTRIES}?q=gear&page_size=1"
    while address and len(seen) < 5:
        answer = program.ask("GET", address)
        seen += bodies(answer.json())
        rest = urlsplit(answer.headers.get("Link", "").partition(">")[0]).query
        address = rest and f"{ENTRIES}?{rest}"
    assert seen == ["Gear 2", "Gear 1", "Gear 3"]


@pytest.mark.parametrize(
    "query",
    ["page_size=0", "page_size=201", "status=x", "since=x", "updated_since=x", "cursor=x",
     "updated_since=0001-01-01T00:00%2B14:00", "cursor=MjAyNi0xMS0yNHwyMDI2LTExLTI0fDE"],
)  # fmt: skip
def test_a_question_that_does_not_fit_is_refused_in_words(program, team, query):
    status, sentence = program.refused("GET", f"{ENTRIES}?{query}")
    assert status == 422 and sentence.startswith(f"{query.partition('=')[0]}: ")


def test_what_was_removed_is_not_there(program, log, ada):
    entry = log()
    entry.delete_softly(by=ada)
    assert program.got(ENTRIES) == []
    for method in ("GET", "PUT", "DELETE"):
        assert program.refused(method, f"{ENTRIES}/{entry.hash_id}")[0] == 404


# Changing.


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST"])
def test_what_is_left_out_stays(program, log, method):
    entry = log("Turned the crank #mill", kind="goal")
    path = f"{ENTRIES}/{entry.hash_id}"
    assert program.did(method, path, {"occurred_on": "2026-01-02"})["body"] == entry.body
    told = program.did(method, path, {"body": "Turned it #twice"})
    assert (told["status"], told["occurred_on"], told["tags"]) == ("goal", "2026-01-02", ["twice"])
    assert program.did(method, f"{path}?status=done")["status"] == "done"
    assert program.did(method, path, "body=[]+Again", kind=FORM)["status"] == "goal"


def test_saying_what_an_entry_says_already_changes_nothing(program, log):
    entry = log("! it is")
    program.did("PUT", f"{ENTRIES}/{entry.hash_id}", {"body": "! it is", "status": "done"})
    entry.refresh_from_db()
    assert (entry.kind, entry.body, entry.revision) == ("done", "! it is", 1)


def test_an_entry_stays_in_its_team(program, log, ada):
    other, entry = Team.objects.found("Mills", admin=ada), log()
    path = f"{ENTRIES}/{entry.hash_id}"
    assert program.refused("PUT", path, {"body": "x", "team_id": other.hash_id})[0] == 422
    entry.refresh_from_db()
    assert entry.body == "Turned the crank"


def test_removed_is_removed_softly_and_by_whom(program, log, ada):
    entry = log()
    told = program.did("DELETE", f"{ENTRIES}/{entry.hash_id}")
    assert told == {"deleted": True, "hash_id": entry.hash_id}
    entry.refresh_from_db()
    assert entry.deleted_at and entry.deleted_by == ada


# What becomes of it.


def test_a_goal_is_reached_and_open_again_as_on_the_page(program, log, ada):
    goal = log("Oil the mill #steam", kind="goal")
    path = f"{ENTRIES}/{goal.hash_id}"
    for _ in range(2):
        told = program.did("POST", f"{path}/complete")
        assert (told["status"], told["completed_on"]) == ("goal", str(ada.today()))
    done, _ = program.got(ENTRIES)
    assert (done["status"], done["body"]) == ("done", "Oil the mill #steam")
    for _ in range(2):
        assert program.did("POST", f"{path}/reopen")["completed_on"] is None
    assert [each["hash_id"] for each in program.got(ENTRIES)] == [goal.hash_id]


@pytest.mark.parametrize("word", ["complete", "reopen"])
def test_what_is_no_goal_is_neither_reached_nor_opened(program, log, word):
    status, sentence = program.refused("POST", f"{ENTRIES}/{log().hash_id}/{word}")
    assert status == 422 and sentence.endswith("Nothing changed.")
    assert len(program.got(ENTRIES)) == 1


def test_what_was_removed_comes_back_within_thirty_days(program, log, ada):
    entry = log()
    path = f"{ENTRIES}/{entry.hash_id}"
    program.did("DELETE", path)
    for _ in range(2):
        assert program.did("POST", f"{path}/restore")["body"] == entry.body
    entry.delete_softly(by=ada)
    Entry.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    assert program.refused("POST", f"{path}/restore")[0] == 422
    assert program.got(ENTRIES) == []


# Who may.


def test_what_an_admin_removed_its_author_does_not_bring_back(program, said, grace):
    member = program_of(grace)
    path = f"{ENTRIES}/{member.did('POST', ENTRIES, said)['hash_id']}"
    program.did("DELETE", path)
    status, sentence = member.refused("POST", f"{path}/restore")
    assert status == 403 and "only admins" in sentence
    assert member.got(ENTRIES) == []
    assert program.did("POST", f"{path}/restore")["body"] == said["body"]


def test_an_outsider_finds_nothing(said, log, mallory, team):
    entry, theirs = log(), program_of(mallory)
    assert theirs.got(ENTRIES) == []
    for method, path, content in (
        ("GET", f"{ENTRIES}?team_id={team.hash_id}", None),
        ("GET", f"/teams/{team.hash_id}", None),
        ("GET", f"/teams/{team.hash_id}/members", None),
        ("GET", f"/teams/{team.hash_id}/entries", None),
        ("GET", f"{ENTRIES}/{entry.hash_id}", None),
        ("PUT", f"{ENTRIES}/{entry.hash_id}", {"body": "x"}),
        ("POST", f"{ENTRIES}/{entry.hash_id}", {"body": "x"}),
        ("DELETE", f"{ENTRIES}/{entry.hash_id}", None),
        ("POST", f"{ENTRIES}/{entry.hash_id}/complete", None),
        ("POST", f"{ENTRIES}/{entry.hash_id}/reopen", None),
        ("POST", f"{ENTRIES}/{entry.hash_id}/restore", None),
        ("POST", ENTRIES, said),
    ):
        status, sentence = theirs.refused(method, path, content)
        assert (status, "nothing was done" in sentence) == (404, True)
    assert list(Entry.objects.values_list("body", "deleted_at")) == [(entry.body, None)]


def test_an_observer_reads_and_a_member_changes_their_own(team, said, log, grace, mallory):
    team.join(mallory, Role.OBSERVER)
    entry, observer, member = log(), program_of(mallory), program_of(grace)
    path = f"{ENTRIES}/{entry.hash_id}"
    assert observer.got(path)["body"] == entry.body
    assert observer.refused("POST", ENTRIES, said)[0] == 403
    for program in (observer, member):
        assert program.refused("PUT", path, {"body": "x"})[0] == 403
        assert program.refused("DELETE", path)[0] == 403
        for word in ("complete", "reopen", "restore"):
            assert program.refused("POST", f"{path}/{word}")[0] == 403
    mine = member.did("POST", ENTRIES, said)
    assert member.did("DELETE", f"{ENTRIES}/{mine['hash_id']}")["deleted"]


@pytest.mark.parametrize("scope", ["read", "write", "hooks"])
def test_a_token_does_what_it_is_for(ada, team, said, log, scope):
    entry, program = log(), program_of(ada, scope)
    path = f"{ENTRIES}/{entry.hash_id}"
    reads = [ENTRIES, path, f"/teams/{team.hash_id}/entries", f"/teams/{team.hash_id}/members"]
    seen = {program.ask("GET", path).status_code for path in reads}
    changed = [program.ask("POST", ENTRIES, said), program.ask("PATCH", path, {"body": "x"})]
    changed += [program.ask("POST", path, {"body": "y"}), program.ask("DELETE", path)]
    assert seen == {200 if scope == "read" else 403}
    assert {each.status_code for each in changed} == {200 if scope == "write" else 403}
    assert program.got(f"/teams/{team.hash_id}")["name"] == "Analytical Engines"


def test_members_are_told_with_their_roles(program, team, ada, grace):
    first, second = program.got(f"/teams/{team.hash_id}/members")
    assert first == {
        "email_address": "ada@example.org",
        "full_name": "Ada Lovelace",
        "hash_id": ada.hash_id,
        "role": "admin",
    }
    assert (second["full_name"], second["role"]) == ("Grace Hopper", "member")


# How often.


def test_every_answer_says_what_is_left_and_a_refusal_when_to_come_back(program, team, settings):
    settings.ACCOUNT_RATE_LIMITS = {"api": "2/m/user"}
    cache.clear()
    first, second, third = (program.ask("GET", ENTRIES) for _ in range(3))
    assert first["RateLimit-Policy"] == '"calls";q=2;w=60'
    assert first["RateLimit"].startswith('"calls";r=1;t=') and "Retry-After" not in first
    assert second["RateLimit"].startswith('"calls";r=0;t=')
    assert third.status_code == 429 and 0 < int(third["Retry-After"]) <= 60
    assert "Nothing was done" in third.json()["error"]
    cache.clear()


# In the address.


def test_a_token_in_the_address_is_nobody_s_unless_an_operator_lets_it(program, said, settings):
    path = f"/api/v2{ENTRIES}?api_token={program.shown}&page_size=1"
    assert program.client.get(path).status_code == 401
    settings.API_TOKEN_IN_ADDRESS = True
    assert program.client.get(path).status_code == 200
    posted = program.client.post(path, said, content_type="application/json")
    assert posted.status_code == 200


def test_it_is_not_in_the_address_any_more(program, log, settings):
    settings.API_TOKEN_IN_ADDRESS = True
    log(), log()
    answer = program.client.get(f"/api/v2{ENTRIES}?page_size=1&api_token={program.shown}")
    assert "page_size=1" in answer["Link"] and "api_token" not in answer["Link"]
    assert program.shown not in str(answer.wsgi_request.META["QUERY_STRING"])
    assert program.shown not in answer.wsgi_request.get_full_path()


def test_a_wrong_one_there_is_not_made_up_for_by_a_session(client, ada, settings, team):
    settings.API_TOKEN_IN_ADDRESS = True
    client.force_login(ada)
    assert client.get(f"/api/v2{ENTRIES}?api_token=wrong").status_code == 401
    assert client.get("/?api_token=wrong").status_code == 302
