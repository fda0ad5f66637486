"""What GitHub sent while we were away: it does not send it again by itself, so we ask for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations.base import Answer, Client
from idonethis.integrations.models import (
    Heartbeat,
    IntegrationUser,
    Receipt,
    RegisteredHook,
    Repair,
    reconciling,
)
from idonethis.integrations.models.making import make_link
from idonethis.partners.github.conftest import GITHUB
from idonethis.partners.github.deliveries import next_page
from idonethis.partners.github.pretending import ENGINE, PretendGitHub
from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running
from idonethis.simulators.visitor import act

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

API = "https://api.github.com"
NOWHERE = "http://127.0.0.1:9/hook"


@pytest.fixture
def hook(github, accounts, live_server, settings, team, ada) -> RegisteredHook:
    """A webhook of ours, taken by a server that listens."""
    settings.BASE_URL = live_server.url
    config = {"repository": ENGINE, "events": ["issues"]}
    link = make_link(GITHUB, team, user=ada, integration_user=accounts["ada"], config=config)
    github.act("settle")
    Receipt.objects.all().delete()
    return link.registered_hook


@pytest.fixture
def away(github, hook):
    """While this runs, nobody listens where GitHub sends to."""

    def away(number: int) -> None:
        github.act("edit_hook", hook=hook.remote_id, url=NOWHERE)
        for _ in range(number):
            github.happens("open_issue", title="The mill squeaks")
            github.happens("close_issue")
        github.act("edit_hook", hook=hook.remote_id, url=hook.url)

    return away


def look_after(github) -> None:
    RegisteredHook.objects.update(check_at=timezone.now())
    reconciling.drain()
    github.act("settle")
    while Receipt.drain():
        pass


def bodies() -> list[str]:
    return list(Entry.objects.alive().order_by("pk").values_list("body", flat=True))


def asked_again(github) -> int:
    return len(github.journal("*/attempts"))


def test_what_did_not_reach_us_is_asked_for_and_logged_once(github, hook, away):
    before = timezone.now() - timedelta(seconds=2)
    away(3)
    assert bodies() == []
    look_after(github)
    assert len(bodies()) == 3
    assert asked_again(github) == 6
    [note] = Repair.objects.all()
    assert (note.kind, note.count) == ("deliveries", 6)
    assert before < note.first_at <= note.last_at < timezone.now()

    look_after(github)
    look_after(github)
    assert len(bodies()) == 3 and asked_again(github) == 6
    assert Repair.objects.count() == 1
    hook.refresh_from_db()
    assert hook.complete_until > note.last_at


def test_the_page_of_the_link_tells_it(github, hook, away, client, ada):
    away(1)
    look_after(github)
    client.force_login(ada)
    page = client.get(hook.links.get().get_absolute_url()).content.decode()
    said = " ".join(page.split())
    assert "GitHub had 2 deliveries that did not reach us between" in said
    assert "asked for them again" in said


def test_what_is_here_although_github_does_not_know_is_not_asked_for(github, hook, away):
    away(1)
    lost = github.world_hooks()[0]["deliveries"][0]["guid"]
    Receipt.objects.create(
        integration_type="github",
        delivery_key=lost,
        request=b"",
        received_at=timezone.now(),
        state="done",
    )
    look_after(github)
    assert asked_again(github) == 1


def test_more_than_a_portion_is_asked_for_in_portions(github, hook, away, monkeypatch):
    monkeypatch.setattr("idonethis.integrations.models.gaps.PORTION", 2)
    away(3)
    for expected in (2, 4, 6, 6):
        look_after(github)
        assert asked_again(github) == expected
    assert len(bodies()) == 3
    assert [note.count for note in Repair.objects.all()] == [6]


def test_a_limit_is_waited_out_and_then_it_goes_on(github, hook, away):
    away(2)
    github.act("faults", path="*/attempts", fault="429", retry_after=1800)
    look_after(github)
    hook.refresh_from_db()
    assert hook.check_at > timezone.now() + timedelta(minutes=29)
    assert bodies() == []
    look_after(github)
    assert len(bodies()) == 2


def test_pages_of_deliveries_are_read_to_the_end(github, hook, away):
    away(1)
    for _ in range(60):
        github.happens("open_issue", title="Oil")
        github.happens("close_issue", reason="not_planned")
    look_after(github)
    assert asked_again(github) == 2
    assert len(github.journal("*/deliveries")) >= 2


def test_what_cannot_be_taken_is_not_asked_for_for_ever(github, hook):
    github.act("edit_hook", hook=hook.remote_id, url=NOWHERE)
    github.happens("open_issue")
    for _ in range(8):
        act(github.url, "edit_hook", hook=hook.remote_id, url=NOWHERE)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RegisteredHook, "url", NOWHERE)
            look_after(github)
    assert asked_again(github) == 4


def test_a_secret_that_is_not_ours_is_set_again_and_what_we_refused_is_asked_for(github, hook):
    github.act("edit_hook", hook=hook.remote_id, secret="mallory")
    github.happens("open_issue")
    github.happens("close_issue")
    assert github.world_hooks()[0]["deliveries"][0]["status_code"] == 401
    look_after(github)
    assert {note.kind for note in Repair.objects.all()} == {"secret", "deliveries"}
    assert len(bodies()) == 1
    look_after(github)
    assert Repair.objects.filter(kind="secret").get().count == 1


def test_after_a_silence_every_webhook_is_looked_after_soon(hook):
    Heartbeat.beat()
    hook.refresh_from_db()
    assert hook.check_at > timezone.now() + timedelta(hours=1)
    Heartbeat.objects.update(beaten_at=timezone.now() - timedelta(minutes=5))
    Heartbeat.beat()
    hook.refresh_from_db()
    assert hook.check_at < timezone.now() + timedelta(seconds=10)
    assert timezone.now() - Heartbeat.objects.get().beaten_at < timedelta(seconds=10)


def test_a_heart_that_beats_asks_for_nothing(hook):
    for _ in range(3):
        Heartbeat.objects.update(beaten_at=timezone.now() - timedelta(seconds=15))
        Heartbeat.beat()
    hook.refresh_from_db()
    assert hook.check_at > timezone.now() + timedelta(hours=1)
    assert Heartbeat.objects.count() == 1


@pytest.fixture
def without_deliveries(monkeypatch, github):
    """A GitHub that is too old to show its deliveries."""
    whole = GitHub()

    async def old(scope, receive, send):
        if scope.get("path", "").endswith("/deliveries"):
            scope = {**scope, "path": "/api/v3/nowhere"}
        await whole(scope, receive, send)

    with running(old) as url:
        monkeypatch.setenv("GITHUB_WEB_URL", url)
        monkeypatch.setenv("GITHUB_API_URL", f"{url}/api/v3")
        yield PretendGitHub(url)


def test_a_github_that_shows_no_deliveries_is_no_trouble_of_the_link(without_deliveries, team, ada):
    made = IntegrationUser(integration_type="github", uid="1815", user=ada)
    made.secrets = without_deliveries.token_of("ada")
    made.save()
    config = {"repository": ENGINE}
    link = make_link(GITHUB, team, user=ada, integration_user=made, config=config)
    look_after(without_deliveries)
    link.refresh_from_db()
    assert (link.state, link.registered_hook.trouble) == ("active", "")
    assert without_deliveries.journal("*/nowhere")


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("", ""),
        (
            f'<{API}/hooks/1/deliveries?cursor=v1_2>; rel="next"',
            f"{API}/hooks/1/deliveries?cursor=v1_2",
        ),
        (f'<{API}/a>; rel="prev", <{API}/b>; rel="next"', f"{API}/b"),
        ('<https://mallory.example.net/steal>; rel="next"', ""),
        (f'<{API}.mallory.example.net/steal>; rel="next"', ""),
    ],
)
def test_where_the_next_page_is_is_asked_for_only_at_github(link, page):
    assert next_page(Answer(200, {"link": link}), Client(API)) == page
