"""Pretend Google Calendar holds whoever asks to what the real one documents."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from idonethis.simulators.planning.google_calendar import API, EVENTS, GoogleCalendar
from idonethis.simulators.running import running
from idonethis.simulators.visitor import PLAIN, act, consent

OWN = f"/calendars/{quote('ada@example.org')}"
SPAN = {
    "start": {"dateTime": "2026-11-23T09:00:00Z"},
    "end": {"dateTime": "2026-11-23T10:00:00Z"},
}
CLIENT = {"client_id": "pretend-google_calendar-client"}
SECRET = {"client_secret": "pretend-google_calendar-secret"}
BACK = {"redirect_uri": "http://localhost:9/back"}


class Caller:
    """Ada, who has let us in, with these words in the address of the consent page."""

    def __init__(self, url, **asked):
        self.url = url
        query = httpx.QueryParams({**CLIENT, **BACK, "scope": EVENTS, **asked})
        code = consent(f"{url}/o/oauth2/v2/auth?{query}", "ada")["code"]
        form = {**CLIENT, **SECRET, **BACK, "grant_type": "authorization_code", "code": code}
        self.token = httpx.post(f"{url}/token", data=form, verify=PLAIN).json()

    def get(self, path, **params):
        return self._call("GET", path, params=params)

    def post(self, path, **said):
        return self._call("POST", path, json=said)

    def _call(self, method, path, **content):
        headers = {"Authorization": f"Bearer {self.token['access_token']}"}
        url = f"{self.url}{API}{path}"
        return httpx.request(method, url, headers=headers, verify=PLAIN, **content)


@pytest.fixture
def url():
    with running(GoogleCalendar()) as url:
        yield url


@pytest.fixture
def ada(url):
    return Caller(url, access_type="offline")


def reason(answer):
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def test_only_who_asks_for_it_stays_let_in(url, ada):
    assert "refresh_token" in ada.token and "refresh_token" not in Caller(url).token


def test_a_scope_that_was_not_allowed_is_missing(ada):
    assert reason(ada.get("/users/me/calendarList")) == (403, "insufficientPermissions")


WRONG = [
    ({"timeMin": "2026-11-23T09:00:00"}, (400, "badRequest")),
    (
        {"timeMin": "2026-11-24T00:00:00Z", "timeMax": "2026-11-24T00:00:00Z"},
        (400, "timeRangeEmpty"),
    ),
    ({"syncToken": "made up"}, (400, "invalid")),
]


@pytest.mark.parametrize(("asked", "said"), WRONG)
def test_a_question_that_makes_no_sense_is_refused(ada, asked, said):
    assert reason(ada.get(f"{OWN}/events", **asked)) == said


def test_a_sync_token_tells_what_has_changed_since_and_goes_with_nothing_else(url, ada):
    token = ada.get(f"{OWN}/events").json()["nextSyncToken"]
    name = act(url, "write", calendar="ada@example.org", event=SPAN)["id"]
    changed = ada.get(f"{OWN}/events", syncToken=token).json()
    assert [each["id"] for each in changed["items"]] == [name]
    later = ada.get(f"{OWN}/events", syncToken=changed["nextSyncToken"]).json()
    assert later["items"] == []
    act(url, "cancel", event=name)
    (gone,) = ada.get(f"{OWN}/events", syncToken=token).json()["items"]
    assert gone == {"kind": "calendar#event", "id": name, "status": "cancelled"}
    both = ada.get(f"{OWN}/events", syncToken=token, timeMin="2026-11-23T09:00:00Z")
    assert reason(both) == (400, "badRequest")
    act(url, "forget_tokens")
    assert reason(ada.get(f"{OWN}/events", syncToken=token)) == (410, "fullSyncRequired")


def test_the_bounds_of_a_span_are_not_in_it(url, ada):
    act(url, "write", calendar="ada@example.org", event=SPAN)
    for asked, count in (
        ({"timeMin": "2026-11-23T10:00:00Z"}, 0),
        ({"timeMin": "2026-11-23T09:59:59Z"}, 1),
        ({"timeMax": "2026-11-23T09:00:00Z"}, 0),
        ({"timeMax": "2026-11-23T09:00:01Z"}, 1),
    ):
        assert len(ada.get(f"{OWN}/events", **asked).json()["items"]) == count


def test_only_the_last_page_has_a_sync_token(url, ada):
    for _ in range(3):
        act(url, "write", calendar="ada@example.org", event=SPAN)
    first = ada.get(f"{OWN}/events", maxResults=2).json()
    assert len(first["items"]) == 2 and "nextSyncToken" not in first
    last = ada.get(f"{OWN}/events", maxResults=2, pageToken=first["nextPageToken"]).json()
    assert len(last["items"]) == 1 and last["nextSyncToken"] and "nextPageToken" not in last


CHANNELS = [
    (
        {"type": "web_hook", "address": "http://engines.example.org"},
        (400, "push.webhookUrlNotHttps"),
    ),
    ({"type": "web_hook", "id": "no spaces"}, (400, "channelIdInvalid")),
    ({"type": "mail"}, (400, "channelIdInvalid")),
    ({"type": "web_hook", "token": "x" * 257}, (400, "push.channelTokenTooLong")),
]


@pytest.mark.parametrize(("asked", "said"), CHANNELS)
def test_a_channel_that_is_described_badly_is_not_made(ada, asked, said):
    wanted = {"id": "1842", "address": "https://127.0.0.1:9/", **asked}
    assert reason(ada.post(f"{OWN}/events/watch", **wanted)) == said


def test_a_channel_has_a_name_of_its_own_and_is_stopped_by_both_its_names(ada):
    wanted = {"id": "1842", "type": "web_hook", "address": "http://127.0.0.1:9/"}
    made = ada.post(f"{OWN}/events/watch", **wanted).json()
    assert reason(ada.post(f"{OWN}/events/watch", **wanted)) == (400, "push.channelIdNotUnique")
    assert ada.post("/channels/stop", id="1842").status_code == 404
    both = {"id": "1842", "resourceId": made["resourceId"]}
    assert ada.post("/channels/stop", **both).status_code == 204
    assert ada.post("/channels/stop", **both).status_code == 404
