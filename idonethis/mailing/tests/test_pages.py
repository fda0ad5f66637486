from __future__ import annotations

import pytest

from idonethis.mailing.models import MailChoice
from idonethis.mailing.models.writing import STOPS, Writing

pytestmark = pytest.mark.django_db
TEAM = "analytical-engines"
MAILS, REMINDER = f"/t/{TEAM}/mails", f"/mails/reminder/{TEAM}"


def choice(user, kind="reminder"):
    return MailChoice.objects.get(membership__user=user, kind=kind)


@pytest.fixture
def stop_url(team, ada):
    MailChoice.objects.complete(10)
    return Writing(choice(ada), None).stop_url.removeprefix("http://testserver")


def test_somebody_says_when_they_want_to_be_reminded(client, ada, team):
    client.force_login(ada)
    said = {"is_on": "on", "at": "16:30", "days": ["0", "4"]}
    assert client.post(REMINDER, said).url == MAILS
    made = choice(ada)
    assert (str(made.at), made.days, made.is_on) == ("16:30:00", "04", True)
    assert b'value="16:30"' in client.get(MAILS).content


def test_a_time_that_is_none_is_said_to_be_none(client, ada, team):
    client.force_login(ada)
    answer = client.post(REMINDER, {"is_on": "on", "at": "99", "days": ["7"]})
    assert answer.status_code == 422 and not MailChoice.objects.exists()


def test_both_kinds_can_be_seen_before_they_come(client, ada, team):
    client.force_login(ada)
    for kind in ("reminder", "digest"):
        assert b"Analytical Engines" in client.get(f"/mails/{kind}/{TEAM}").content
        shown = client.get(f"/mails/{kind}/{TEAM}/html")
        assert b"<style>" in shown.content
        assert "'sha256-" in shown["Content-Security-Policy"]
        assert "unsafe" not in shown["Content-Security-Policy"]


@pytest.mark.parametrize("path", [MAILS, REMINDER, f"/mails/digest/{TEAM}/html"])
def test_nobody_else_sees_them(client, mallory, team, path):
    client.force_login(mallory)
    assert client.get(path).status_code == 404


def test_one_click_ends_one_kind_without_signing_in(client, stop_url, ada):
    answer = client.post(stop_url, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not choice(ada).is_on and choice(ada).next_at is None and choice(ada, "digest").is_on


def test_to_look_at_the_link_ends_nothing(client, stop_url, ada):
    assert b"Stop them" in client.get(stop_url).content
    assert choice(ada).is_on


def test_a_link_that_somebody_made_up_ends_nothing(client, stop_url, ada, grace, team):
    told = f"{team.hash_id}-{ada.hash_id}-reminder"
    for token in (told, f"{told}:guessed", stop_url.rsplit("/", 1)[1][:-2], STOPS.sign("x")):
        assert client.post(f"/mails/stop/{token}").status_code == 404
    assert choice(ada).is_on


def test_the_link_works_after_the_key_has_changed(client, stop_url, ada, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert client.post(stop_url).status_code == 200 and not choice(ada).is_on


def test_who_has_left_already_is_told_so(client, stop_url, grace, ada, team):
    team.memberships.filter(user=ada).delete()
    assert b"none of them from now on" in client.post(stop_url).content
