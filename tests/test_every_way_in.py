"""The same words mean the same, whichever way they come in: status, words, day, team, tags and
people. The page is posted as a browser posts it; every other way is gone by a real client, against
a server that runs."""

from __future__ import annotations

import shlex
import smtplib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from idonethis.accounts.models import ApiToken
from idonethis.entries.models import Entry
from idonethis.integrations.mails.addresses import MailAddress
from idonethis.mailing.tests.conftest import mail, mailed, read_all
from idonethis.mailing.tests.test_smtp import HOST, door
from idonethis.partners.slack.conftest import app, link, slack, workspace
from idonethis.simulators import visitor
from idonethis.teams.models import Team
from tests.typing_in import Terminal

__all__ = ["app", "door", "link", "mailed", "slack", "workspace"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

#: What is typed, and what comes of it: status, words, tags, people.
SAID = {
    "Turned the crank": ("done", "Turned the crank", [], []),
    "[] Cast a gear #Api": ("goal", "Cast a gear #Api", ["api"], []),
    "[ ] Cast another": ("goal", "Cast another", [], []),
    "[x] Oiled it with @grace": ("done", "Oiled it with @grace", [], ["grace"]),
    "! No steam #mill #2 @mallory": ("blocked", "No steam #mill #2 @mallory", ["mill"], []),
    "- Wrote to Müller: #größe 🎉": ("done", "Wrote to Müller: #größe 🎉", ["größe"], []),
    "Read https://example.org/a_b?x=1#notes": (
        "done", "Read https://example.org/a_b?x=1#notes", [], [],
    ),
    "a < b && c > d; 'quoted' \"twice\" $HOME": (
        "done", "a < b && c > d; 'quoted' \"twice\" $HOME", [], [],
    ),
}  # fmt: skip


@pytest.fixture
def zone(ada):
    """Where Ada is, it is not the day that it is in Greenwich."""
    names = ("Pacific/Kiritimati", "Etc/GMT+12")
    now = datetime.now(UTC)
    ada.time_zone = next(name for name in names if now.astimezone(ZoneInfo(name)).day != now.day)
    ada.save()
    return ada.time_zone


@pytest.fixture
def token(ada):
    return ApiToken.objects.make(ada, name="All of it", scopes=["read", "write"])[1]


@pytest.fixture
def page(client, ada, team):
    client.force_login(ada)
    return lambda said: client.post(f"{team.get_absolute_url()}/log", {"body": said})


@pytest.fixture
def chat(app, slack, link, live_server):
    app.settings["slash_url"] = f"{live_server.url}/integrations/slack/hook"

    def command(said):
        visitor.act(slack, "command", account="ada", text=said)
        read_all()

    return command


@pytest.fixture
def program(live_server, team, token):
    def post(said):
        fields = {"team_id": team.hash_id, "body": said}
        headers = {"Authorization": f"Token {token}"}
        httpx.post(f"{live_server.url}/api/v2/entries", json=fields, headers=headers)

    return post


@pytest.fixture
def letter(door, mailed, ada):
    address = MailAddress.of_person(mailed.hash_id, ada.email)

    def send(said):
        with smtplib.SMTP(HOST, door, timeout=10) as speaking:
            speaking.send_message(mail(said, to=address))
        read_all()

    return send


@pytest.fixture
def terminal(tmp_path, live_server, token, team, zone):
    typing = Terminal(tmp_path / "home", TZ=zone).log_in(live_server.url, token)

    def type(said):
        typing.types(f"did --team {shlex.quote(team.name)} -- {shlex.quote(said)}")

    return type


def facts(entry):
    tags = sorted(entry.tags.values_list("name", flat=True))
    people = sorted(entry.mentioned.values_list("nickname", flat=True))
    return entry.kind, entry.body, tags, people


@pytest.mark.parametrize("way", ["page", "chat", "program", "letter", "terminal"])
def test_the_same_words_are_the_same_entry(way, request, zone, team, ada, grace, mallory):
    """Ada is in another team, too, which is not the one that is meant."""
    Team.objects.create(name="Engines elsewhere").join(ada)
    say = request.getfixturevalue(way)
    for said in SAID:
        say(said)
    logged = Entry.objects.alive().order_by("pk")
    assert [facts(entry) for entry in logged] == list(SAID.values())
    assert {(entry.user, entry.team, entry.occurred_on) for entry in logged} == {
        (ada, team, ada.today())
    }
    assert ada.today() != datetime.now(UTC).date()
