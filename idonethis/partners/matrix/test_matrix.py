from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import polling
from idonethis.integrations.base import Reason
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    IntegrationUser,
    Receipt,
    UnclaimedPerson,
)
from idonethis.integrations.models.claiming import believe
from idonethis.integrations.models.link_states import By, State
from idonethis.partners.matrix import rooms
from idonethis.simulators import visitor
from idonethis.simulators.chat import matrix
from idonethis.simulators.chat.matrix_sync import replacing
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db

ADA, GRACE = "@ada:engines.example.org", "@grace:engines.example.org"


@pytest.fixture
def homeserver():
    return matrix.Matrix()


@pytest.fixture
def partner(homeserver):
    with running(homeserver) as url:
        yield url


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


def made(window, team, partner, **config):
    typed = {"homeserver": partner, "token": matrix.TOKEN, "team": team.slug}
    window.post("/auth/matrix/typed", typed)
    account = IntegrationUser.objects.get(uid=matrix.ME)
    form = {"team": team.slug, "account": account.hash_id, "room": f"{matrix.ROOM}|Done"}
    return window.post("/integrations/matrix/link", {**form, "hears": "on", **config})


@pytest.fixture
def link(partner, window, team, ada):
    answer = made(window, team, partner, kinds=["done", "goal", "blocked"])
    assert answer.status_code == 302, answer.content.decode()
    look()
    IntegrationUser.objects.create(integration_type="matrix", uid=ADA, user=ada, team=team)
    return IntegrationLink.objects.get()


@pytest.fixture
def say(partner, link):
    """Somebody says something there, and this server has a look; returns the message."""

    def said(text, **more):
        message = visitor.act(partner, "say", text=text, **more)["message"]
        look()
        return message

    return said


def look():
    """As if its time had come."""
    IntegrationLink.objects.update(poll_at=timezone.now())
    while polling.drain() or Receipt.drain() or Delivery.drain():
        pass


def log():
    return list(Entry.objects.alive().order_by("pk").values_list("kind", "body"))


def texts(partner):
    """What the account has written there."""
    [messages] = visitor.read(partner, "messages").values()
    return [message["text"] for message in messages if not message["who"]]


def calls(partner, word):
    made = visitor.read(partner, "journal")["calls"]
    return [each for each in made if word in each["path"]]


def test_what_is_said_is_logged_and_answered_with_a_receipt(say, partner, team, ada):
    say("done shipped billing #api")
    assert log() == [("done", "shipped billing #api")]
    entry = Entry.objects.get()
    assert entry.user == ada
    assert entry.url == "https://matrix.to/#/%21done%3Aengines.example.org/%241001"
    [answer] = texts(partner)
    assert "Analytical Engines" in answer and "Done: shipped billing #api" in answer
    assert answer.endswith(f"/t/{team.slug}")


def test_the_answer_is_a_reply_that_mentions_nobody(say, homeserver):
    say("done @room @ada:engines.example.org")
    answer = homeserver.rooms.events[-1]["content"]
    assert answer["msgtype"] == "m.notice" and answer["m.mentions"] == {}
    assert answer["m.relates_to"] == {"m.in_reply_to": {"event_id": "$1001"}}


STRANGE = [
    {"content": None},
    {"content": []},
    {"content": {"msgtype": "m.text"}},
    {"content": {"msgtype": "m.text", "body": {"done": 1}}},
    {"content": {"msgtype": "m.text", "body": "done x", "m.relates_to": "m.replace"}},
    {"content": {"m.new_content": 7, "m.relates_to": {"rel_type": "m.replace"}}},
    {"sender": None},
    {"sender": ["@ada:engines.example.org"]},
    {"event_id": None},
    {"origin_server_ts": "yesterday"},
    {"origin_server_ts": -(10**30)},
    {"type": "m.room.redaction", "content": {"redacts": {"a": 1}}},
    {"type": "m.room.redaction", "content": {"redacts": "$nowhere"}},
]


@pytest.mark.parametrize("strange", STRANGE, ids=str)
def test_whatever_another_server_sends_breaks_nothing(say, homeserver, link, strange):
    sound = {"type": "m.room.message", "event_id": "$odd", "sender": "@mallory:example.net"}
    said = {"origin_server_ts": 1, "content": {"msgtype": "m.text", "body": "done odd"}}
    homeserver.rooms.events.append({**sound, **said, "room_id": matrix.ROOM, **strange})
    say("done shipped billing")
    assert log() == [("done", "shipped billing")]
    assert set(Receipt.objects.values_list("state", flat=True)) == {"done"}
    assert not Receipt.objects.filter(outcome=Reason.FAILED).exists()
    link.refresh_from_db()
    assert link.state == "active" and link.poll_failures == 0


def test_each_word_and_each_line_means_its_kind(say):
    say("!goal write the docs")
    say("done one\n[] two\n! three <b>")
    assert log() == [
        ("goal", "write the docs"),
        ("done", "one"),
        ("goal", "two"),
        ("blocked", "three <b>"),
    ]


def test_what_stood_there_before_the_link_is_no_news(partner, window, team):
    visitor.act(partner, "say", text="done long ago")
    made(window, team, partner)
    look()
    look()
    assert log() == [] and not Receipt.objects.exists()


def test_what_is_for_others_is_neither_logged_nor_stored_nor_answered(say, partner):
    say("Lunch? I am done with this.")
    say("done by a bot", kind="m.notice")
    say("done with a picture", kind="m.image")
    assert log() == texts(partner) == [] and not Receipt.objects.exists()


def test_a_word_alone_is_answered_with_what_can_be_said(say, partner):
    say("done")
    assert "done shipped billing" in texts(partner)[0]
    assert log() == []


def test_nothing_is_logged_or_answered_twice(say, partner):
    say("done shipped billing")
    IntegrationLink.objects.update(poll_cursor={"since": "s0"})
    look()
    assert len(log()) == len(texts(partner)) == Receipt.objects.count() == 1
    say("done shipped billing")
    assert len(log()) == len(texts(partner)) == 2


def test_an_edit_is_followed_and_what_is_no_longer_in_it_goes(say, partner):
    message = say("done shipped biling\n[] write docs\n! DNS")
    visitor.act(partner, "clock", forward=1)
    say("done shipped billing\n[] write the docs", message=message)
    assert log() == [("done", "shipped billing"), ("goal", "write the docs")]
    visitor.act(partner, "clock", forward=1)
    say("never mind", message=message)
    assert log() == []


def test_an_edit_without_a_time_is_followed_and_answered_once(say, homeserver, partner):
    message = say("done shipped biling")
    content = replacing(f"${message}", {"msgtype": "m.text", "body": "done shipped billing"})
    edit = {"type": "m.room.message", "event_id": "$edit", "sender": ADA, "content": content}
    homeserver.rooms.events.append({**edit, "origin_server_ts": None, "room_id": matrix.ROOM})
    look()
    assert log() == [("done", "shipped billing")]
    IntegrationLink.objects.update(poll_cursor={"since": "s0"})
    look()
    assert len(texts(partner)) == Receipt.objects.count() == 2


def test_of_what_is_edited_into_other_words_nothing_is_stored(say, partner):
    message = say("Lunch at noon?")
    say("Lunch at one?", message=message)
    assert "Lunch" not in "".join(each.hook.body.decode() for each in Receipt.objects.all())
    assert log() == texts(partner) == []


def test_an_edit_by_somebody_else_changes_nothing_of_hers(say):
    message = say("done shipped billing")
    say("done nothing at all", message=message, person="mallory")
    assert log() == [("done", "shipped billing")]
    say("", message=message, person="mallory")
    assert log() == [("done", "shipped billing")]


@pytest.mark.parametrize("by", ["ada", "grace"])
def test_what_is_taken_back_goes_whoever_took_it_back(say, partner, by):
    message = say("done shipped billing\n[] write docs")
    kept = say("done the other thing")
    visitor.act(partner, "clock", forward=1)
    visitor.act(partner, "redact", message=message, person=by)
    look()
    assert log() == [("done", "the other thing")]
    assert kept and len(texts(partner)) == 2


def test_what_is_taken_back_before_anybody_looked_was_never_there(say, partner):
    message = visitor.act(partner, "say", text="done a secret")["message"]
    visitor.act(partner, "redact", message=message)
    look()
    assert log() == [] and texts(partner) == []
    stored = "".join(each.hook.body.decode() for each in Receipt.objects.all())
    assert "secret" not in stored


def test_what_is_logged_elsewhere_is_posted_there_and_not_logged_again(say, partner, team, ada):
    say("done shipped billing")
    assert len(texts(partner)) == 1
    Entry.objects.log(Draft(body="typed on the web"), team=team, user=ada)
    look()
    look()
    assert "typed on the web" in texts(partner)[1] and len(texts(partner)) == 2
    assert [body for _, body in log()] == ["shipped billing", "typed on the web"]


def test_whom_the_team_does_not_know_is_told_so_and_loses_nothing(say, partner, team, grace):
    say("done found the moth", person="grace")
    [answer] = texts(partner)
    assert "I do not know you yet" in answer and answer.endswith(f"/t/{team.slug}/unclaimed")
    assert log() == []
    believe(UnclaimedPerson.objects.get(), grace, evidence="claimed")
    look()
    assert log() == [("done", "found the moth")]


def test_whoever_may_not_write_in_the_team_is_told_so(say, partner, team):
    team.memberships.update(role="observer")
    say("done shipped billing")
    assert "Nothing was logged" in texts(partner)[0]


def test_other_rooms_are_not_looked_at(say, partner, link):
    link.subject = "!other:engines.example.org"
    link.save()
    say("done shipped billing")
    assert log() == []


def test_after_a_long_silence_everything_is_asked_for_in_order(partner, link, monkeypatch):
    monkeypatch.setattr(rooms, "MOST_EVENTS", 3)
    for number in range(8):
        visitor.act(partner, "say", text=f"done {number}")
    look()
    assert [body for _, body in log()] == [str(number) for number in range(8)]


def test_it_is_asked_every_ten_seconds_and_less_often_in_trouble(partner, link):
    look()
    link.refresh_from_db()
    assert timedelta(seconds=8) < link.poll_at - timezone.now() <= timedelta(seconds=11)
    visitor.act(partner, "faults", fault="500", times=0)
    for _ in range(12):
        look()
    link.refresh_from_db()
    assert timedelta(minutes=4) < link.poll_at - timezone.now() < timedelta(minutes=6)
    visitor.act(partner, "say", text="done shipped billing")
    visitor.act(partner, "faults/clear")
    look()
    assert log() == [("done", "shipped billing")]


def test_whoever_cannot_be_answered_just_now_is_answered_later_and_once(partner, link):
    visitor.act(partner, "say", text="done one")
    visitor.act(partner, "say", text="done two")
    visitor.act(partner, "faults", fault="429", times=1, path="*/send/*")
    look()
    assert len(log()) == 2 and texts(partner) == []
    look()
    assert len(log()) == 2 and len(texts(partner)) == 2


def test_where_it_may_not_write_it_logs_all_the_same(say, partner, link):
    visitor.act(partner, "be", mute="yes")
    say("done shipped billing")
    assert log() == [("done", "shipped billing")] and texts(partner) == []
    link.refresh_from_db()
    assert link.state == "active"


def test_a_look_does_not_say_that_it_may_write_again(say, partner, link, team, ada):
    link.move(State.TARGET_GONE, by=By.PARTNER, trouble="The account may not write.")
    say("done shipped billing")
    assert log() == [("done", "shipped billing")]
    link.refresh_from_db()
    assert link.state == "target_gone"


def test_whoever_is_put_out_of_the_room_is_told(partner, link):
    visitor.act(partner, "be", left="yes")
    look()
    link.refresh_from_db()
    assert link.state == "target_gone" and "not in the room" in link.trouble


def test_a_token_that_is_no_longer_taken_asks_for_another_and_then_all_is_read(
    partner, link, window, team
):
    visitor.act(partner, "faults", fault="expired", times=0)
    look()
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    visitor.act(partner, "say", text="done meanwhile")
    visitor.act(partner, "faults/clear")
    typed = {"homeserver": partner, "token": matrix.TOKEN, "team": team.slug}
    window.post("/auth/matrix/typed", typed)
    link.refresh_from_db()
    assert link.state == "active" and link.poll_at <= timezone.now()
    look()
    assert log() == [("done", "meanwhile")]


def test_an_encrypted_room_is_not_linked_unless_nobody_is_to_be_heard(partner, window, team):
    visitor.act(partner, "be", encrypted="yes")
    answer = made(window, team, partner)
    assert answer.status_code == 422
    assert "This room is encrypted" in answer.content.decode()
    assert not IntegrationLink.objects.exists()
    assert made(window, team, partner, hears="").status_code == 302


def test_a_link_that_only_posts_asks_nobody(partner, window, team):
    made(window, team, partner, hears="", kinds=["done"])
    look()
    assert calls(partner, "/sync") == []
    assert IntegrationLink.objects.get().summary == "Posts dones there."


def test_a_paused_link_asks_nobody_and_reads_on_afterwards(partner, link):
    link.pause()
    before = len(calls(partner, "/sync"))
    visitor.act(partner, "say", text="done meanwhile")
    look()
    assert len(calls(partner, "/sync")) == before
    link.resume()
    look()
    assert log() == [("done", "meanwhile")]
