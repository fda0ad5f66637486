"""A log that leaves a server and comes to a fresh one is there as it was, byte for byte."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idonethis.accounts.models import ApiToken, User
from idonethis.entries.drafts import Detail, Draft, Growing, Origin
from idonethis.entries.models import Comment, Entry, Like, Source
from idonethis.entries.text import clean
from idonethis.integrations.models import IntegrationUser
from idonethis.porting import lines, reading
from idonethis.porting.brought import Unreadable
from idonethis.porting.tests.moves import (
    bring,
    nobody_left,
    of_server,
    of_team,
    said,
    settled,
    undo,
)
from idonethis.teams.models import Membership, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(team, ada, grace, log):
    """Everything that a log can hold."""
    ada.time_zone, ada.day_ends_at = "Europe/London", 4
    ada.save()
    ada.emailaddress_set.create(email="ada@lovelace.example", verified=False)
    goal = log("[Publish] the notes #notes @grace", kind="goal")
    goal.complete(on=ada.today())
    log("Buy oil", kind="goal").archive()
    log("No <b>steam</b>", kind="blocked", user=grace)
    gone = log("Broke the mill")
    gone.delete_softly(by=ada)
    talked = log("=1+1 “über” 漢字 \U0001f600\nsecond line", url="https://mill.example/1")
    Comment.objects.create(entry=talked, user=grace, body="Well <i>done</i>")
    Comment.objects.create(entry=talked, user=grace, body="Taken back", deleted_at=timezone.now())
    Like.objects.create(entry=talked, user=grace)
    talked.edit(kind="done", body="=1+2")
    pushed = Growing(
        body="Pushed {count} commit{s}",
        key="acme:push",
        details=(
            Detail("acme:c1", "Cast a cog", "https://acme.example/c1"),
            Detail("acme:c2", "Oil"),
        ),
    )
    Source.objects.tell(pushed, team=team, user=ada, origin=Origin("acme", "", "ada/mill"))
    Entry.objects.log(Draft(body="Alone"), team=Team.objects.personal(ada), user=ada)
    team.memberships.filter(user=grace).update(role=Membership.Role.OBSERVER)
    return team


def kinds(content):
    return [json.loads(line)["kind"] for line in content.splitlines()]


def test_a_whole_server_comes_to_a_fresh_one_byte_for_byte(full):
    content = of_server()
    assert {"idonethis", "person", "team", "membership", "entry"} == set(kinds(content))
    nobody_left()
    assert not Entry.objects.exists()
    settled(content)
    assert of_server() == content


def test_a_team_comes_to_a_fresh_server_byte_for_byte(full):
    content, slug = of_team(full), full.slug
    nobody_left()
    settled(content)
    assert of_team(Team.objects.get(slug=slug)) == content


def test_what_was_tied_is_tied_again(full):
    content = of_server()
    nobody_left()
    settled(content)
    goal = Entry.objects.get(kind="goal", completed_on__isnull=False)
    assert goal.completed_by.kind == "done"
    pushed = Entry.objects.get(created_by="acme")
    assert [each.text for each in pushed.details] == ["Cast a cog", "Oil"]


def test_a_push_that_comes_again_after_the_move_is_known(full):
    content, slug = of_team(full), full.slug
    nobody_left()
    settled(content)
    team = Team.objects.get(slug=slug)
    again = Growing(
        body="Pushed {count}", key="acme:push", details=(Detail("acme:c1", "Cast a cog"),)
    )
    before = Entry.objects.count()
    ada = User.objects.get(nickname="ada")
    Source.objects.tell(again, team=team, user=ada, origin=Origin("acme"))
    assert Entry.objects.count() == before


def test_brought_in_twice_it_is_there_once(full):
    content = of_server()
    nobody_left()
    settled(content)
    settled(content)
    assert of_server() == content


def test_brought_into_the_server_that_it_is_of_it_changes_nothing(full):
    content = of_server()
    settled(content)
    assert of_server() == content


def test_what_opens_a_door_is_not_in_it(full, ada, link):
    row, token = ApiToken.objects.make(ada, name="All", scopes=["read"])
    account = IntegrationUser.objects.get(user=ada)
    account.secrets = {"access_token": "canary-token"}
    account.save()
    invitation = full.invitations.create(invited_by=ada)
    content = of_server().decode()
    secrets = [token, row.hash_id, ada.password, "canary-token", account.sealed]
    for secret in [*secrets, link.hook_token, link.sealed_secret, invitation.token]:
        assert not secret or secret not in content


def test_nobody_administers_a_server_by_a_file(full, ada):
    ada.administer()
    content = of_server()
    nobody_left()
    settled(content)
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.get(nickname="ada").has_usable_password()


def test_a_team_s_archive_says_no_more_of_people_than_its_members_see(full):
    content = of_team(full).decode()
    assert "lovelace.example" not in content and "Europe/London" not in content
    assert "Alone" not in content and "Taken back" not in content and "Broke" not in content


def test_an_archive_of_a_team_proves_nobodys_address(full):
    content = of_team(full)
    nobody_left()
    settled(content)
    assert not User.objects.get(nickname="ada").emailaddress_set.filter(verified=True).exists()


def test_into_another_team_of_the_same_server_it_comes_under_new_names(full, ada, grace):
    other = Team.objects.found("Mills", admin=ada)
    other.join(grace)
    job = bring(other, of_team(full))
    assert said(other) == said(full)
    names = Entry.objects.values_list("hash_id", flat=True)
    assert len(set(names)) == len(names)
    assert bring(other, of_team(full)).results == {"same": job.results["new"]}


def test_undone_it_is_as_if_it_had_never_come(full, ada, grace):
    other = Team.objects.found("Mills", admin=ada)
    other.join(grace)
    before = of_server()
    job = bring(other, of_team(full))
    assert of_server() != before
    assert set(undo(job).results) == {"removed"}
    assert of_server() == before


def test_a_comment_since_keeps_its_entry(full, ada, grace):
    other = Team.objects.found("Mills", admin=ada)
    other.join(grace)
    job = bring(other, of_team(full))
    entry = Entry.objects.for_team(other).get(body="=1+2")
    Comment.objects.create(entry=entry, user=ada, body="Mine")
    assert undo(job).results["kept"] == 1
    assert said(other) == [("ada", "done", "=1+2")]


def test_by_a_page_no_person_is_made_and_nobody_elsewhere_is_anybody(full, mallory):
    elsewhere = Team.objects.found("Evil Engines", admin=mallory)
    job = bring(elsewhere, of_team(full))
    assert set(job.results) == {"waiting"} and said(elsewhere) == []
    assert User.objects.count() == 3


def test_a_file_that_claims_to_know_somebody_is_not_believed(full, ada, mallory):
    """By the name of their row alone nobody is anybody."""
    forged = of_team(full).replace(b"grace@example.org", b"evil@example.net")
    other = Team.objects.found("Mills", admin=ada)
    other.join(User.objects.get(nickname="grace"))
    bring(other, forged)
    assert {who for who, _, _ in said(other)} == {"ada"}


@pytest.mark.parametrize("noted", [True, False])
def test_an_address_that_somebody_has_not_verified_makes_them_nobody(full, mallory, noted):
    content = of_server()
    nobody_left()
    evil = User.objects.create_user("ada@example.org", "evil", name="Mallory")
    if noted:
        evil.emailaddress_set.create(email="ada@example.org", verified=False)
    lost = settled(content).lost()
    assert "without having verified it" in lost[0].why
    assert not Entry.objects.filter(user__name="Mallory").exists()


def test_nobody_is_given_an_address_that_somebody_has_here(full, mallory):
    """Not even one more of their own, and the main one is what they sign in with."""
    content = of_server()
    nobody_left()
    User.objects.create_user("ada@lovelace.example", "evil", name="Mallory")
    settled(content.replace(b'"primary":false', b'"primary":true'))
    ada = User.objects.get(nickname="ada")
    known = ada.emailaddress_set.values_list("email", "primary")
    assert list(known) == [("ada@example.org", True)]


def test_the_address_that_somebody_signs_in_with_stays_the_main_one(full):
    content = of_server()
    nobody_left()
    settled(content.replace(b'"primary":false', b'"primary":true'))
    known = User.objects.get(nickname="ada").emailaddress_set.filter(primary=True)
    assert [each.email for each in known] == ["ada@example.org"]


def test_names_that_are_none_are_left_out_and_the_rest_comes(full, mallory):
    content = of_server().replace(b'"Europe/London"', b'"Mars/Olympus"')
    content = content.replace(b'"nickname":"ada"', b'"nickname":"a da"')
    content = content.replace(full.slug.encode(), b"../mill")
    nobody_left()
    settled(content)
    ada = User.objects.get(email="ada@example.org")
    assert (ada.time_zone, ada.nickname) == ("UTC", "")
    assert Team.objects.get(name=full.name).slug == "analytical-engines"


def test_a_team_whose_address_another_one_has_gets_one_of_its_own(full, mallory):
    content, slug = of_server(), full.slug
    nobody_left()
    there = Team.objects.found(full.name, admin=User.objects.create_user("m@example.net"))
    settled(content)
    assert there.slug == slug
    assert Team.objects.filter(name=full.name).exclude(slug__in=["", slug]).count() == 1


def test_whose_own_log_is_nobodys_here_becomes_no_team(full, mallory):
    """Neither a team of its own nor what somebody else has under that name."""
    content = of_server()
    nobody_left()
    User.objects.create_user("ada@example.org", "evil", name="Mallory")
    settled(content)
    assert not Team.objects.filter(name="My log").exists()
    assert not Entry.objects.filter(body="Alone").exists()


def test_a_team_of_an_archive_is_nobodys_own_log(full, ada):
    own = Team.objects.get(personal_of=ada)
    settled(of_team(full).replace(full.hash_id.encode(), own.hash_id.encode()))
    assert said(own) == [("ada", "done", "Alone")]
    assert list(own.memberships.values_list("user", flat=True)) == [ada.pk]


HEAD = '{"kind":"idonethis","version":1}'
ADA = '{"kind":"person","hash_id":"aaaaaaaaaaaa","email_address":"ada@example.org"}'
ENTRY = {
    "kind": "entry", "hash_id": "eeeeeeeeeeee", "person": "aaaaaaaaaaaa", "status": "done",
    "body": "Oiled it", "occurred_on": "2015-03-02",
}  # fmt: skip


def archive(*entries):
    return "\n".join([HEAD, ADA, *(json.dumps(ENTRY | each) for each in entries)]).encode()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"body": ""}, "length >= 1"),
        ({"body": "x" * 2001}, "length <= 2000"),
        ({"status": "finished"}, "finished"),
        ({"occurred_on": "soon"}, "Invalid RFC3339"),
        ({"occurred_on": "0001-01-01"}, "is not a day of any log"),
        ({"created_at": "2015-03-02T10:00:00"}, "timezone"),
        ({"person": "nobody"}, "No line above says who nobody is"),
        ({"kind": "spell"}, "spell"),
        ({"tags": ["x" * 51]}, "length <= 50"),
        ({"comments": [{"hash_id": "x"}]}, "missing required field"),
        ({"body": {"deep": []}}, "Expected `str`"),
    ],
)
def test_a_bad_line_is_told_and_the_others_go_in(team, change, why):
    content = archive(change, {"hash_id": "ffffffffffff"})
    ((line, told),) = reading.read(content).refused
    assert line == 3 and why in told
    assert bring(team, content).results == {"new": 1, "refused": 1}


def test_a_line_that_is_no_json_or_too_deep_is_told(team):
    content = archive({}) + b"\n{oops\n" + b'{"kind":' + b"[" * 100_000 + b"\n\xff\xfe\n"
    assert [each.line for each in reading.read(content).refused] == [4, 5, 6]


@pytest.mark.parametrize("head", [b"{}", b'{"kind":"idonethis","version":2}', b'{"kind":"entry"}'])
def test_a_file_of_another_kind_is_refused_as_a_whole(head):
    with pytest.raises(Unreadable):
        reading.read(head + b"\n")


def test_two_names_that_are_the_same_do_not_meet(team, ada):
    """Neither of entries nor of comments nor of things elsewhere."""
    comment = {
        "hash_id": "cccccccccccc",
        "person": "aaaaaaaaaaaa",
        "body": "Well",
        "created_at": "2015-03-02T10:00:00Z",
    }
    thing = [{"key": "acme:1"}, {"key": "import:eeeeeeeeeeee"}, {"key": "acme:1"}]
    rows = [
        {"hash_id": name, "comments": [comment, comment], "details": thing, "tags": ["a", "a"]}
        for name in ("eeeeeeeeeeee", "dddddddddddd", "eeeeeeeeeeee")
    ]
    assert bring(team, archive(*rows)).results == {"new": 2}
    assert Comment.objects.count() == 4


def test_a_goal_is_completed_by_one_done(team):
    goal = {"hash_id": "aaaaaaaaaaa1", "status": "goal", "completed_on": "2015-03-02"}
    dones = [{"hash_id": f"aaaaaaaaaaa{n}", "completes": "aaaaaaaaaaa1"} for n in (2, 3)]
    job = bring(team, archive(*dones, goal))
    assert job.state == "done"
    assert Entry.objects.filter(completes__kind="goal").count() == 1


def test_a_goal_that_was_opened_again_here_stays_open(team):
    goal = {"hash_id": "aaaaaaaaaaa1", "status": "goal", "completed_on": "2015-03-02"}
    content = archive({"completes": "aaaaaaaaaaa1"}, goal)
    bring(team, content)
    done = Entry.objects.get(completes__isnull=False)
    Entry.objects.filter(pk=done.pk).update(completes=None)
    assert bring(team, content).results == {"same": 2}
    assert not Entry.objects.filter(completes__isnull=False).exists()


def test_nothing_is_newer_than_the_import(team):
    bring(
        team, archive({"created_at": "2099-01-01T00:00:00Z", "updated_at": "2099-01-01T00:00:00Z"})
    )
    entry = Entry.objects.get()
    assert entry.created_at <= timezone.now() and entry.updated_at <= timezone.now()


def test_what_somebody_unknown_said_is_left_out_and_counted(team):
    said_ = {"hash_id": "c", "person": "nobody", "body": "x", "created_at": "2015-03-02T10:00:00Z"}
    liked = {"person": "nobody", "created_at": "2015-03-02T10:00:00Z"}
    job = bring(team, archive({"comments": [said_, said_], "likes": [liked]}))
    assert job.results == {"new": 1, "comments": 2, "likes": 1}
    assert not Comment.objects.exists() and not Like.objects.exists()


def test_an_address_of_another_kind_is_left_out(team):
    thing = {"key": "acme:1", "url": "javascript:alert(1)"}
    bring(team, archive({"url": "javascript:alert(1)", "details": [thing]}))
    assert Entry.objects.get().url == Source.objects.get(key="acme:1").url == ""


def test_signs_that_no_database_stores_are_left_out(team):
    bring(team, archive({"body": "Oiled\0 it\x1b[2J", "origin_label": "\0mill"}))
    entry = Entry.objects.get()
    assert (entry.body, entry.origin_label) == ("Oiled it[2J", "mill")


words = st.text(max_size=60).map(clean)
bodies = st.text(min_size=1, max_size=300).map(clean).filter(str.strip)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
tags = st.lists(st.text("abcdefgh", min_size=1, max_size=8), unique=True, max_size=3)
logged = st.fixed_dictionaries(
    {
        "body": bodies,
        "status": st.sampled_from(["done", "goal", "blocked"]),
        "person": st.sampled_from(["ada", "grace"]),
        "occurred_on": days,
        "occurred_at": instants,
        "completed_on": st.none() | days,
        "archived_at": st.none() | instants,
        "created_at": instants,
        "updated_at": instants,
        "edited_at": st.none() | instants,
        "origin_label": words,
        "tags": tags.map(sorted).map(tuple),
        "url": st.just("") | st.just("https://mill.example/?q=ü"),
        "comments": st.lists(st.tuples(bodies, instants), max_size=2),
        "likes": st.none() | instants,
    }
)


def written(rows):
    """An archive in the order in which one is written."""
    names = {"ada": "aaaaaaaaaaaa", "grace": "bbbbbbbbbbbb"}
    people = [
        lines.Person(hash_id=key, email_address=f"{name}@example.org", full_name=name.title())
        for name, key in names.items()
    ]
    at = datetime(2020, 1, 1, tzinfo=UTC)
    prompts = {"done_prompt": "a", "goal_prompt": "b", "blocked_prompt": "c"}
    dates = {"created_at": at, "updated_at": at}
    group = lines.Group(hash_id="cccccccccccc", slug="engines", name="Engines", **prompts, **dates)
    belongs = [
        lines.Belongs(team="cccccccccccc", person=key, created_at=at) for key in names.values()
    ]
    entries = []
    for number, row in enumerate(rows):
        said = sorted(row["comments"], key=lambda each: each[1])
        comments = tuple(
            lines.Said(
                hash_id=f"{number:06x}{place:06x}", person="aaaaaaaaaaaa", body=body, created_at=at_
            )
            for place, (body, at_) in enumerate(said)
        )
        likes = (
            (lines.Liked(person="bbbbbbbbbbbb", created_at=row["likes"]),) if row["likes"] else ()
        )
        fields = row | {"person": names[row["person"]], "comments": comments, "likes": likes}
        named = {"hash_id": f"{number:012x}", "team": "cccccccccccc", "created_by": "app"}
        entries.append(lines.Logged(mentioned=(), **named, **fields))
    entries.sort(key=lambda each: (each.created_at, each.hash_id))
    everything = [lines.Head(), *people, group, *belongs, *entries]
    return b"".join(lines.encode(line) + b"\n" for line in everything)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(logged, max_size=8))
def test_whatever_a_log_holds_it_leaves_as_it_came(db, rows):
    content = written(rows)
    settled(content)
    assert of_team(Team.objects.get(slug="engines")) == content
    nobody_left()


def test_hours_of_summer_and_fractions_are_kept(team):
    at = datetime(2020, 10, 25, 0, 30, 0, 1, tzinfo=UTC) + timedelta(hours=1)
    bring(team, archive({"created_at": at.isoformat(), "occurred_at": at.isoformat()}))
    assert Entry.objects.get().occurred_at == Entry.objects.get().created_at == at
