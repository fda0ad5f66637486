"""Everything that came in and went out, of a link and of a team."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.activity import PAGE, Activity, Place
from idonethis.integrations.filters import Filters
from idonethis.integrations.models import Delivery, IntegrationLink, Receipt, Refusal
from idonethis.integrations.sight import Sight
from idonethis.integrations.tests.web.conftest import casts, connect, create

pytestmark = pytest.mark.django_db

TEAM = "/t/analytical-engines/activity"


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def rows(page):
    return re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2])


def events(browser, path=TEAM, **filters):
    """The result of each line, newest first."""
    page = shown(browser.get(path, filters))
    return [re.search(r'class="chip[^>]*>.*?</svg>([^<]+)<', row)[1] for row in rows(page)]


def logs(team, user, body="Oiled the mill"):
    return Entry.objects.log(Draft(body=body), team=team, user=user)


@pytest.fixture
def busy(link, team, ada, world):
    """A hook that was logged, one of a stranger, and an entry that went out."""
    casts(link, body="Cast a gear", key="1")
    casts(link, "4711", key="2", login="stoker")
    entry = logs(team, ada)
    Delivery.drain()
    return entry


def test_all_that_came_and_went_stands_there_newest_first(as_ada, busy, link):
    sent, unmatched, logged = rows(shown(as_ada.get(TEAM)))
    assert "Sent" in sent and f'href="/e/{busy.hash_id}">Oiled the mill' in sent
    assert "Unmatched" in unmatched and "Nobody in this team is known as stoker." in unmatched
    assert 'href="/t/analytical-engines/unclaimed"' in unmatched
    assert "Logged" in logged and "Cast a gear" in logged and "ada/engine" in logged


def test_a_link_has_its_own(as_ada, busy, link, team, ada):
    IntegrationLink.objects.create(integration_type="acme", team=team, user=ada)
    logs(team, ada, "Wound it up")
    assert events(as_ada, f"/links/{link.hash_id}/activity") == [
        "Waiting", "Sent", "Unmatched", "Logged",
    ]  # fmt: skip
    assert len(events(as_ada)) == 5


def test_a_member_sees_it_and_an_outsider_does_not(as_grace, as_mallory, busy, link):
    for path in (TEAM, f"/links/{link.hash_id}/activity"):
        assert len(events(as_grace, path)) == 3
        assert as_mallory.get(path).status_code == 404
    assert "Cast a gear" not in shown(as_mallory.get("/t/night-shift/activity"))


def test_only_who_may_read_a_hook_is_led_to_it(as_ada, as_grace, busy):
    assert "/receipts/" in shown(as_ada.get(TEAM)) and "/deliveries/" in shown(as_ada.get(TEAM))
    assert "/receipts/" not in shown(as_grace.get(TEAM))
    assert "/deliveries/" not in shown(as_grace.get(TEAM))


def test_what_a_removed_link_brought_stays(as_ada, busy, link):
    link.remove()
    page = shown(as_ada.get(TEAM))
    assert len(rows(page)) == 3 and "(removed)" in page


def test_the_words_of_a_removed_entry_are_not_told(as_ada, busy, ada):
    for entry in Entry.objects.all():
        entry.delete_softly(by=ada)
    page = shown(as_ada.get(TEAM))
    assert "Oiled the mill" not in page and "Cast a gear" not in page
    assert "A removed entry" in page


def test_what_waits_to_be_processed_stands_there_too(as_ada, busy):
    Receipt.objects.filter(outcome="created").update(state="due")
    assert events(as_ada) == ["Sent", "Unmatched", "Waiting"]


def test_what_a_storm_holds_stands_there_and_needs_somebody(as_ada, busy, link):
    held = {"state": "held", "outcome": "storm_held", "read_for": link.pk}
    Receipt.objects.filter(outcome="created").update(**held)
    assert events(as_ada) == ["Sent", "Unmatched", "Held"]
    assert events(as_ada, result="in_storm") == ["Held"]
    assert events(as_ada, result="attention") == ["Unmatched", "Held"]


def test_what_is_not_through_is_found_by_an_index_however_much_is(busy, link):
    """It is asked for every few seconds by each page that is open."""
    with CaptureQueriesContext(connections[settings.INBOX]) as seen:
        found = [list(waiting[:50]) for waiting in Receipt.objects.unread_at([link])]
    assert found == [[], [], [], []]
    for query in seen:
        plan = explained(query["sql"])
        assert "SCAN integrations_receipt" not in plan or "USING INDEX" in plan, query["sql"]


def explained(sql):
    with connections[settings.INBOX].cursor() as cursor:
        cursor.execute(
            f"EXPLAIN QUERY PLAN {sql}" if cursor.db.vendor == "sqlite" else f"EXPLAIN {sql}"
        )
        return str(cursor.fetchall())


def test_what_is_shown_is_processed_again_by_way_of_a_plan(as_ada, as_grace, busy, link):
    IntegrationLink.objects.create(integration_type="acme", team=link.team, user=link.user)
    Receipt.objects.update(event="casting.done")
    page = shown(as_ada.get(TEAM, {"result": "attention", "event": "cast"}))
    form = next(each for each in page.split("<form") if "Process these again" in each)
    assert 'action="/t/analytical-engines/replay"' in form
    assert 'name="outcomes" value="no_person"' in form
    assert 'name="event" value="cast"' in form
    plan = as_ada.post(
        "/t/analytical-engines/replay", {"outcomes": "no_person", "event": "cast", "since": ""}
    )
    assert '<span class="num">1</span> event would be read again.' in shown(plan)
    assert "Process these again" not in shown(as_grace.get(TEAM))


@pytest.mark.parametrize(
    "filters", [{"direction": "out"}, {"result": "sent"}, {"since": "2999-01-01"}]
)
def test_what_went_out_or_is_nothing_is_not_processed_again(as_ada, busy, filters):
    assert "Process these again" not in shown(as_ada.get(TEAM, filters))


def test_that_of_one_link_is_for_who_manages_it(as_ada, as_grace, busy, link):
    path = f"/links/{link.hash_id}/activity"
    assert f'action="/links/{link.hash_id}/replay"' in shown(as_ada.get(path))
    assert "Process these again" not in shown(as_grace.get(path))
    link.remove()
    assert "Process these again" not in shown(as_ada.get(TEAM, {"link": link.hash_id}))


@pytest.mark.parametrize(
    ("filters", "results"),
    [
        ({"result": "created"}, ["Logged"]),
        ({"result": "attention"}, ["Unmatched"]),
        ({"result": "sent"}, ["Sent"]),
        ({"result": "failed"}, []),
        ({"direction": "in"}, ["Unmatched", "Logged"]),
        ({"direction": "out"}, ["Sent"]),
        ({"event": "casting"}, ["Logged"]),
        ({"event": "casting.iron"}, []),
        ({"since": "2999-01-01"}, []),
        ({"since": "2020-01-01"}, ["Sent", "Unmatched", "Logged"]),
        ({"link": "nobody"}, []),
        ({"result": "nonsense", "direction": "up", "since": "2026-13-77"}, None),
    ],
)
def test_it_is_narrowed_by_what_the_address_says(as_ada, busy, filters, results):
    Receipt.objects.filter(outcome="created").update(event="casting.brass")
    assert events(as_ada, **filters) == (
        ["Sent", "Unmatched", "Logged"] if results is None else results
    )


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_no_day_is_too_far_away(as_ada, ada, busy, since, zone):
    ada.time_zone = zone
    ada.save()
    assert len(events(as_ada, since=since)) in (0, 3)


def test_one_link_of_several_is_chosen(as_ada, busy, link, team, ada):
    acme = IntegrationLink.objects.create(integration_type="acme", team=team, user=ada)
    logs(team, ada, "Wound it up")
    assert events(as_ada, link=acme.hash_id) == ["Waiting"]
    assert f'value="{acme.hash_id}" selected' in shown(as_ada.get(TEAM, {"link": acme.hash_id}))


@pytest.mark.parametrize("result", ["sent", "not_sent", "waiting", "again", "held", "failed"])
def test_each_state_of_a_delivery_is_found_by_its_name(link, team, ada, result):
    states = {
        "sent": {"state": "done", "reference": "7"},
        "not_sent": {"state": "done"},
        "waiting": {"state": "due"},
        "again": {"state": "due", "attempts": 1, "trouble": "It answered 503."},
        "held": {"state": "held"},
        "failed": {"state": "failed"},
    }
    for number, fields in enumerate(states.values()):
        entry = logs(team, ada, f"Entry {number}")
        Delivery.objects.filter(entry=entry).update(**fields)
    (found,) = Delivery.objects.with_result(result)
    assert found.result == result


# Pages.


@pytest.fixture
def much(link, team, ada):
    """More than a page each way."""
    for number in range(PAGE):
        casts(link, key=str(number), body=f"Cast {number}")
    for number in range(PAGE // 2):
        logs(team, ada, f"Typed {number}")


def walked(browser, path=TEAM, **filters):
    """What all pages show, from the newest to the oldest."""
    found = []
    while path:
        page = shown(browser.get(path, filters))
        found.append(re.findall(r">((?:Cast|Typed) \d+)<", page.partition("<tbody>")[2]))
        older = re.search(r'href="([^"]+)" rel="next"', page)
        path, filters = (older[1].replace("&amp;", "&"), {}) if older else ("", {})
    return found


def test_every_line_stands_on_one_page_and_only_there(as_ada, much):
    first, second = walked(as_ada)
    assert (len(first), len(second)) == (PAGE, PAGE // 2)
    assert len(set(first + second)) == PAGE + PAGE // 2


def test_what_comes_meanwhile_moves_nothing(as_ada, much, link, monkeypatch):
    page = shown(as_ada.get(TEAM))
    older = re.search(r'href="([^"]+)" rel="next"', page)[1].replace("&amp;", "&")
    before = rows(shown(as_ada.get(older)))
    casts(link, key="later", body="Cast later")
    assert rows(shown(as_ada.get(older))) == before


def test_clocks_that_disagree_hide_nothing(as_ada, much):
    """A server that was an hour ahead stored what came first with the latest time."""
    late = timezone.now() + timedelta(hours=1)
    first = list(Receipt.objects.order_by("pk").values_list("pk", flat=True)[:10])
    Receipt.objects.filter(pk__in=first).update(received_at=late)
    assert len({body for page in walked(as_ada) for body in page}) == PAGE + PAGE // 2


def test_the_next_page_keeps_the_filters(as_ada, much):
    Entry.objects.filter(body__startswith="Cast").update(body="Cast 1")
    page = shown(as_ada.get(TEAM, {"direction": "in", "result": "created"}))
    assert 'rel="next"' not in page
    sight = Sight.operators()
    found = Activity.of(sight, Filters(direction="in", result="created"), size=10)
    assert parse_qs(found.older_query) == {
        "direction": ["in"], "result": ["created"], "before": [found.older],
    }  # fmt: skip


@pytest.mark.parametrize("place", ["", "x", "1", "-", "1-x", "9" * 5000, "9" * 30 + "-1", "²-²"])
def test_a_place_that_nobody_handed_out_is_the_top_or_the_end(as_ada, busy, place):
    assert as_ada.get(TEAM, {"before": place}).status_code == 200
    assert Place.asked(place).receipt <= 2**62


def test_many_lines_take_as_few_questions_as_few_do(as_ada, link, team, ada):
    def questions():
        with CaptureQueriesContext(connections["default"]) as log:
            as_ada.get(TEAM)
        return len(log)

    casts(link, key="0", body="Cast 0")
    logs(team, ada)
    few = questions()
    for number in range(1, 9):
        casts(link, key=str(number), body=f"Cast {number}")
        logs(team, ada, f"Typed {number}")
    assert questions() == few


# Empty, and alive.


def test_before_anything_came_it_says_so(as_ada, link):
    page = shown(as_ada.get(TEAM))
    assert "Nothing has come or gone yet" in page and "Link a tool" not in page
    assert "Nothing matches" in shown(as_ada.get(TEAM, {"result": "created"}))
    assert "There is nothing older" in shown(as_ada.get(TEAM, {"before": "0-0"}))


def test_without_a_link_it_leads_to_one(as_ada, team, foundry):
    assert "Link a tool" in shown(as_ada.get(TEAM))


def test_the_newest_page_looks_again_by_itself_and_older_ones_do_not(as_ada, busy):
    page = shown(as_ada.get(TEAM, {"direction": "in"}))
    assert f'hx-get="{TEAM}?direction=in"' in page
    assert "hx-get" not in shown(as_ada.get(TEAM, {"before": "99-99"})).partition('id="lines"')[2]
    part = as_ada.get(TEAM, headers={"HX-Request": "true"})
    assert "<html" not in shown(part) and "Cast a gear" in shown(part)
    assert "HX-Request" in part["Vary"]


# What was refused.


@pytest.fixture
def refused_hooks(link):
    at = timezone.now()
    Refusal.objects.create(
        link_id=link.pk,
        integration_type="foundry",
        reason="bad_signature",
        hour=at,
        count=41,
        first_seen=at - timedelta(minutes=5),
        last_seen=at,
    )


def test_a_team_sees_that_hooks_were_refused(as_ada, as_grace, as_mallory, refused_hooks, link):
    said = "41 hooks were refused since"
    for path in (TEAM, f"/links/{link.hash_id}", f"/links/{link.hash_id}/activity"):
        page = shown(as_grace.get(path))
        assert said in page and "Is the secret at Foundry the one that the link shows?" in page
    assert "<strong>ada/engine</strong>: 41 hooks" in shown(as_ada.get(TEAM))
    assert said not in shown(as_mallory.get("/t/night-shift/activity"))


def test_refusals_of_the_day_before_are_not_news(as_ada, refused_hooks):
    Refusal.objects.update(last_seen=timezone.now() - timedelta(hours=25))
    assert "were refused" not in shown(as_ada.get(TEAM))


# The way there.


def test_the_log_the_team_and_the_link_lead_there(as_grace, link):
    assert f'href="{TEAM}"' in shown(as_grace.get("/t/analytical-engines"))
    assert "Something missing?" in shown(as_grace.get("/t/analytical-engines"))
    assert f'href="{TEAM}"' in shown(as_grace.get("/t/analytical-engines/people"))
    assert "All activity" in shown(as_grace.get(f"/links/{link.hash_id}"))


def test_each_page_has_the_search_box(as_ada, link):
    for path in (TEAM, f"/links/{link.hash_id}/activity"):
        page = shown(as_ada.get(path))
        assert 'action="/why"' in page and 'name="team" value="analytical-engines"' in page


def test_two_teams_on_one_webhook_see_their_own(as_ada, as_mallory, link, world):
    connect(as_mallory, world, who="1906")
    create(as_mallory, team="night-shift")
    casts(link, key="1", body="Cast a gear")
    assert events(as_mallory, "/t/night-shift/activity") == []
    assert events(as_ada) == ["Logged"]
