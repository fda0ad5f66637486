from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations import polling
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Receipt
from idonethis.simulators import visitor
from idonethis.simulators.chat.diary import KEY, Diary
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def diary():
    with running(Diary()) as url:
        yield url


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


def connect(window, url):
    return window.post("/auth/ical/typed", {"url": url, "team": "analytical-engines"})


def made(window, team, **config):
    account = IntegrationUser.objects.get(integration_type="ical").hash_id
    form = {"team": team.slug, "account": account, "how": "log", "who": "everybody", **config}
    answer = window.post("/integrations/ical/link", form)
    assert answer.status_code == 302, answer.content.decode()
    return IntegrationLink.objects.get()


@pytest.fixture
def link(diary, window, team):
    write(diary, "Of before the link", NOW - 6 * DAY)
    there = connect(window, f"{diary}/{KEY}/basic.ics")
    assert there.status_code == 302, there.content.decode()
    return made(window, team)


def at(moment):
    return f"{moment:%Y%m%dT%H%M%SZ}"


def write(diary, title, begins, *more, number=0, uid=""):
    lines = [
        f"UID:{uid or title}",
        f"SUMMARY:{title}",
        f"DTSTART:{at(begins)}",
        f"DTEND:{at(begins + HOUR)}",
        *more,
    ]
    return visitor.act(diary, "write", lines="\n".join(lines), number=str(number))["id"]


def look():
    """Asks as if its time had come; returns what stands in the log by then."""
    IntegrationLink.objects.update(poll_at=timezone.now())
    while polling.drain() or Receipt.drain():
        pass
    return list(Entry.objects.alive().order_by("pk").values_list("body", flat=True))


def pass_time(link, since):
    """As if the link had been made ``since`` then, and an event that lay ahead had ended."""
    link.refresh_from_db()
    past = {"since": (NOW - since).isoformat(), "due": NOW.isoformat()}
    IntegrationLink.objects.update(poll_cursor=link.poll_cursor | past)


def calls(diary):
    return [each for each in visitor.read(diary, "journal")["calls"] if KEY in each["path"]]


def test_what_was_over_before_is_no_news_and_what_ends_later_is(diary, link, ada):
    assert look() == []
    pass_time(link, DAY)
    write(diary, "Cast wheel 7", NOW - 3 * HOUR, "URL:https://mill.example.org/wheel-7")
    write(diary, "Still going on", NOW - HOUR / 2)
    assert look() == ["Cast wheel 7"]
    entry = Entry.objects.get()
    assert (entry.user, entry.url) == (ada, "https://mill.example.org/wheel-7")
    assert entry.occurred_at == NOW - 2 * HOUR - timedelta(seconds=1)


def test_time_passes_even_where_nothing_changes(diary, link):
    soon = datetime.now(UTC) + timedelta(seconds=2)
    write(diary, "Cast wheel 7", soon - HOUR)
    assert look() == []
    assert calls(diary)[-1]["status"] == 200
    time.sleep(3)
    assert look() == ["Cast wheel 7"]


def test_nothing_is_sent_while_nothing_has_changed_or_ended(diary, link):
    look()
    assert look() == [] and calls(diary)[-1]["status"] == 304
    pass_time(link, DAY)
    look()
    assert calls(diary)[-1]["status"] == 200


def test_each_occurrence_is_logged_once(diary, link):
    look()
    pass_time(link, 3 * DAY - HOUR)
    write(diary, "Oil the mill", NOW - 30 * DAY - 2 * HOUR, "RRULE:FREQ=DAILY")
    assert look() == ["Oil the mill"] * 3
    write(diary, "Another", NOW - 4 * HOUR)
    assert sorted(look()) == ["Another", *["Oil the mill"] * 3]
    assert Receipt.objects.count() == 4


def test_what_is_cancelled_or_put_off_goes_and_comes_back(diary, link):
    look()
    pass_time(link, DAY)
    number = write(diary, "Cast wheel 7", NOW - 3 * HOUR, uid="wheel-7")
    assert look() == ["Cast wheel 7"]
    for begins, more in ((-3 * HOUR, "STATUS:CANCELLED"), (2 * DAY, "SEQUENCE:2")):
        write(diary, "Cast wheel 7", NOW + begins, more, number=number, uid="wheel-7")
        assert look() == []
        again = f"LAST-MODIFIED:{at(NOW + begins)}"
        write(diary, "Cast wheel 7 again", NOW - 3 * HOUR, again, number=number, uid="wheel-7")
        assert look() == ["Cast wheel 7 again"]
    assert Entry.objects.count() == 1


def test_what_was_deleted_there_stays(diary, link):
    look()
    pass_time(link, DAY)
    write(diary, "Cast wheel 7", NOW - 3 * HOUR)
    look()
    visitor.act(diary, "remove_all")
    assert look() == ["Cast wheel 7"]


def test_the_address_is_kept_encrypted_and_shows_nowhere(diary, link, window):
    account = IntegrationUser.objects.get(integration_type="ical")
    assert account.name == "Mill"
    pages = [link.get_absolute_url(), link.settings_path, "/integrations/ical", "/settings"]
    shown = "".join(window.get(page).content.decode() for page in pages)
    assert KEY not in shown and KEY not in str(vars(account)) + str(vars(link))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("page.html", "is no calendar"),
        ("moved.ics", "has moved to other.example.org"),
        ("nowhere.ics", "does not know this"),
    ],
)
def test_what_is_no_calendar_is_not_connected_and_says_why(diary, window, team, path, said):
    answer = connect(window, f"{diary}/{path}")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page and "Nothing was connected." in page
    assert not IntegrationUser.objects.exists()


def test_an_address_may_end_with_a_slash(diary, window, team):
    assert connect(window, f"{diary}/{KEY}/folder/").status_code == 302
    made(window, team)
    look()
    assert {each["status"] for each in calls(diary)} == {200}


def test_a_calendar_that_nobody_may_read_wants_to_be_connected_again(diary, link):
    look()
    pass_time(link, DAY)
    visitor.act(diary, "faults", fault="expired", times=0)
    look()
    link.refresh_from_db()
    assert link.state == "needs_reconnect"
    assert link.trouble.startswith("Nobody may read the calendar at this address any more (403).")
    assert KEY not in link.trouble


def test_a_calendar_that_is_gone_shows_and_comes_back_by_itself(diary, link):
    look()
    pass_time(link, DAY)
    visitor.act(diary, "faults", fault="revoked", times=0)
    look()
    link.refresh_from_db()
    assert link.state == "target_gone" and link.trouble
    visitor.act(diary, "faults/clear")
    write(diary, "Cast wheel 7", NOW - 3 * HOUR)
    assert look() == ["Cast wheel 7"]
    link.refresh_from_db()
    assert link.state == "active"


def test_who_organises_it_waits_until_the_team_knows_them(diary, link, grace):
    look()
    pass_time(link, DAY)
    link.refresh_from_db()
    link.config |= {"whose": "organizer"}
    link.save()
    write(diary, "Cast wheel 7", NOW - 3 * HOUR, "ORGANIZER;CN=Grace:mailto:grace@example.org")
    assert look() == []
    assert Receipt.objects.get().outcome == "no_person"
    IntegrationUser.objects.create(integration_type="ical", uid="grace@example.org", user=grace)
    write(diary, "Test the compiler", NOW - 2 * HOUR, "ORGANIZER:mailto:Grace@example.org")
    look()
    assert Entry.objects.get(body="Test the compiler").user == grace
