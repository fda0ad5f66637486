"""Partners are sent no more than they take, whoever sends it, and everybody has a turn."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idonethis.background import OUTBOX
from idonethis.crashes import STATUS
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.answers import until_more
from idonethis.integrations.http import Again
from idonethis.integrations.models import Bucket, Delivery, IntegrationLink, IntegrationUser
from idonethis.integrations.models.bucket import TICK, Empty, spare, taking_from
from idonethis.integrations.models.queueing import queue
from idonethis.integrations.paces import Each, Pace
from idonethis.integrations.tests.carrying import PACE, carrying
from idonethis.integrations.tests.turnstile import Server, Turnstile
from idonethis.server import Workers
from idonethis.simulators.running import running
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

#: What the tests wait for at most, in seconds.
PATIENCE = 120


@pytest.fixture(autouse=True)
def paced(settings):
    settings.PACED = True


@pytest.fixture
def server():
    return Server(PACE.most, PACE.per)


@pytest.fixture
def turnstile(server, monkeypatch):
    """The partner, at its address; its paces are for the test to say."""
    with running(server.app) as url:
        partner = Turnstile(url, PACE)
        monkeypatch.setattr(registry, "integrations", lambda: {"turnstile": partner})
        yield partner


@pytest.fixture
def connected(turnstile, ada):
    def connected(team, count=1, **more):
        return [
            IntegrationLink.objects.create(
                integration_type="turnstile", team=team, user=ada, **more
            )
            for _ in range(count)
        ]

    return connected


@pytest.fixture
def log(ada):
    def log(team, count=1):
        for number in range(count):
            Entry.objects.log(Draft(body=f"Turn {number:03}"), team=team, user=ada)

    return log


@pytest.fixture
def other(ada):
    team = Team.objects.create(name="Night Shift")
    team.join(ada, "admin")
    return team


def passes(seconds: float) -> None:
    """Of the time by which buckets go."""
    Bucket.objects.update(opens_at=F("opens_at") - seconds)


def takes(link) -> bool:
    try:
        with transaction.atomic():
            Bucket.objects.take(link)
    except Empty:
        return False
    return True


# How much goes out.


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pace=st.builds(
        Pace, st.integers(1, 20), st.sampled_from([1.0, 10.0, 60.0]), burst=st.sampled_from([0, 5])
    ),
    waits=st.lists(st.floats(0, 2), min_size=5, max_size=40),
    takers=st.lists(st.integers(0, 2), min_size=1, max_size=7),
)
def test_in_no_while_goes_out_more_than_the_burst_and_what_falls_into_it(
    connected, turnstile, team, pace, waits, takers
):
    """Whatever the order of those who take. Waits are in units of what lies between two tokens."""
    account = IntegrationUser.objects.first() or IntegrationUser.objects.create(
        integration_type="turnstile", uid="1815", user=team.memberships.first().user
    )
    links = connected(team, 3, integration_user=account)
    turnstile.paces = (pace,)
    Bucket.objects.all().delete()
    ahead, taken = 0.0, []
    for number, wait in enumerate(waits):
        ahead += wait * pace.interval
        passes(wait * pace.interval)
        before = time.time() + ahead
        if takes(links[takers[number % len(takers)]]):
            taken.append((before, time.time() + ahead))
    for first, (begin, _) in enumerate(taken):
        for last, (_, end) in enumerate(taken[first:]):
            fell = (end - begin) / pace.interval
            assert last <= pace.at_once - 1 + fell + TICK / pace.interval + 0.01


@pytest.mark.parametrize("most", [1, 4, 5, 30, 80, 300])
def test_what_goes_out_at_once_is_a_part_of_what_a_partner_takes_in_a_while(most):
    pace = Pace(most, per=60)
    assert pace.at_once - 1 + pace.per / pace.interval <= most


def test_a_burst_that_a_partner_takes_beside_is_not(turnstile):
    pace = Pace(10, burst=100)
    assert (pace.at_once, pace.interval) == (100, pytest.approx(1 / 9))


@pytest.mark.parametrize(
    ("each", "same"),
    [
        (Each.LINK, [True, True, True, True]),
        (Each.PLACE, [True, False, True, True]),
        (Each.GRANT, [True, False, False, True]),
        (Each.APPLICATION, [True, False, False, False]),
    ],
)
def test_they_share_what_is_counted_together(connected, turnstile, team, ada, each, same):
    first, second = (
        IntegrationUser.objects.create(integration_type="turnstile", uid=uid, user=ada)
        for uid in ("1815", "1816")
    )
    turnstile.paces = (Pace(1, per=60, each=each),)
    links = [
        *connected(team, 2, integration_user=first, subject="north"),
        *connected(team, 1, integration_user=first, subject="south"),
        *connected(team, 1, integration_user=second, subject="north"),
    ]
    assert [takes(link) for link in links] == same


def test_of_two_paces_both_must_let_it_and_else_none_is_taken(connected, turnstile, team, ada):
    account = IntegrationUser.objects.create(integration_type="turnstile", uid="1815", user=ada)
    wide, narrow = Pace(2, per=60, each=Each.GRANT, burst=2), Pace(1, per=60, each=Each.LINK)
    turnstile.paces = (wide, narrow)
    one, two, three = connected(team, 3, integration_user=account)
    assert [takes(link) for link in (one, one, two, three)] == [True, False, True, False]


def test_links_whose_buckets_are_empty_keep_no_carrier_from_another(
    connected, turnstile, team, log
):
    turnstile.paces = (Pace(1, per=60, each=Each.LINK),)
    *stopped, other = connected(team, 30)
    log(team)
    for link in stopped:
        takes(link)
    assert Delivery.objects.pick_up_link() == other
    assert Delivery.objects.pick_up_link() is None


def test_of_any_kind_of_bucket_it_is_known_whom_it_keeps(connected, turnstile, team, other, ada):
    account = IntegrationUser.objects.create(integration_type="turnstile", uid="1815", user=ada)
    north, south = {"subject": "north/1"}, {"subject": "south"}
    links = [
        *connected(team, 2, integration_user=account, **north),
        *connected(team, 1, integration_user=account, **south),
        *connected(other),
    ]
    kept = {}
    for each in Each:
        turnstile.paces = (Pace(1, per=60, each=each),)
        Bucket.objects.close(links[0], 60)
        of_link = taking_from(Bucket.objects.left())
        kept[each] = [link in IntegrationLink.objects.filter(of_link) for link in links]
        Bucket.objects.all().delete()
    assert kept == {
        Each.LINK: [True, False, False, False],
        Each.PLACE: [True, True, False, False],
        Each.GRANT: [True, True, True, False],
        Each.APPLICATION: [True, True, True, True],
    }


def test_a_token_costs_two_questions(connected, turnstile, team, log, settings):
    """Which buckets are empty, and the taking."""
    turnstile.paces = (Pace(60, per=60),)
    (link,) = connected(team)
    log(team, 3)
    asked = []
    for settings.PACED in (True, True, False):
        with CaptureQueriesContext(connection) as queries:
            Delivery.objects.pick_up_link().put_down()
        asked.append(len([each for each in queries if "SAVEPOINT" not in each["sql"]]))
    _, paced, unpaced = asked
    assert paced == unpaced + 2


def test_what_takes_no_request_costs_none(connected, turnstile, server, team, log, monkeypatch):
    turnstile.paces = (Pace(1, per=60),)
    connected(team)
    monkeypatch.setattr(turnstile, "wants", lambda entry, link: entry.body != "Turn 000")
    log(team, 3)
    while Delivery.drain():
        pass
    assert [*server.posts.values()] == [["Turn 001"]]


def test_what_takes_several_pays_for_them(connected, turnstile, server, team, log, monkeypatch):
    turnstile.paces = (Pace(60, per=60, burst=4),)
    (link,) = connected(team)
    once = turnstile.deliver

    def twice(entry, link, client):
        once(entry, link, client)
        return once(entry, link, client)

    monkeypatch.setattr(turnstile, "deliver", twice)
    log(team, 4)
    while Delivery.drain():
        pass
    assert len(server.posts[link.hash_id]) == 4


def test_a_bucket_that_is_full_for_long_is_forgotten(connected, turnstile, team):
    one, two = connected(team, 2)
    turnstile.paces = (Pace(1, each=Each.LINK),)
    takes(one)
    passes(10**6)
    takes(two)
    Bucket.objects.forget()
    assert [each.name for each in Bucket.objects.all()] == [f"turnstile//{two.hash_id}"]


# What a partner says itself.


def test_a_partner_that_wants_a_pause_gets_it_from_all_for_whom_it_counts_together(
    connected, turnstile, server, team, other, log
):
    server.most = 0
    connected(team), connected(other)
    log(team), log(other)
    while Delivery.drain():
        pass
    assert server.refused == 1
    passes(1.0)
    server.most = 10
    assert Delivery.drain() == 1
    assert server.counted.total() == 1


def test_a_partner_that_has_just_taken_the_last_is_asked_for_no_more(
    connected, turnstile, server, team, log
):
    connected(team, 3)
    log(team)
    server.headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(time.time() + 60)}
    while Delivery.drain():
        pass
    assert (server.counted.total(), server.refused) == (1, 0)


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "{soon}"}, True),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "{soon}.5"}, True),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "29.9"}, True),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "{soon}"}, False),
        ({"x-ratelimit-reset": "{soon}"}, False),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, False),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, False),
        ({}, False),
    ],
)
def test_when_a_success_says_that_nothing_is_left(headers, waits):
    soon = int(time.time()) + 30
    said = until_more({name: value.format(soon=soon) for name, value in headers.items()})
    assert (said is not None and 25 < said <= 31) if waits else said is None


def test_what_is_not_urgent_leaves_half_of_what_goes_out_at_once(connected, turnstile, team):
    turnstile.paces = (Pace(60, per=60, burst=4),)
    (link,) = connected(team)
    spare(link), spare(link)
    with pytest.raises(Again, match="Turnstile takes 60 a minute, and what is new goes first."):
        spare(link)
    assert [takes(link), takes(link), takes(link)] == [True, True, False]


# Whose turn it is.


def turns(count):
    """Which links have them, while there is enough in all buckets."""
    served = []
    for _ in range(count):
        link = Delivery.objects.pick_up_link()
        link.put_down()
        served.append(link)
    return served


def test_a_team_with_many_links_has_one_turn_of_two(connected, turnstile, team, other, log):
    turnstile.paces = (Pace(1000, burst=1000),)
    connected(team, 100)
    (lonely,) = connected(other)
    log(team), log(other)
    assert Counter(turns(20))[lonely] == 10


def test_the_links_of_a_team_take_turns(connected, turnstile, team, log):
    turnstile.paces = (Pace(1000, burst=1000),)
    links = connected(team, 3)
    log(team, 2)
    assert turns(6) == links * 2


def test_by_what_goes_on_a_turn_is_counted_and_not_by_what_arrives(
    connected, turnstile, team, other, log
):
    """Else whoever fails again and again would be first again and again."""
    turnstile.paces = (Pace(1000, burst=1000),)
    connected(team, 2), connected(other, 2)
    log(team), log(other)
    picked = [Delivery.objects.pick_up_link().team for _ in range(4)]
    assert picked == [team, other, team, other]


def test_of_ten_thousand_that_wait_none_goes_before_another_links_turn(
    connected, turnstile, team, other, log
):
    """However slowly the bucket fills that they share."""
    turnstile.paces = (Pace(1, per=60, each=Each.APPLICATION),)
    (flood,) = connected(team)
    now = timezone.now()
    many = {"team": team, "user": flood.user, "occurred_at": now, "occurred_on": now.date()}
    made = Entry.objects.bulk_create(Entry(body="A turn", **many) for _ in range(10_000))
    Delivery.objects.bulk_create(Delivery(link=flood, entry=entry) for entry in made)
    (lonely,) = connected(other)
    served = []
    for turn in range(4):
        if turn == 1:
            log(other, 2)
        passes(70)
        served += turns(1)
        assert Delivery.objects.pick_up_link() is None
    assert served == [flood, lonely, flood, lonely]


# What people read.


def test_its_page_and_that_of_its_link_say_what_it_waits_for(
    connected, turnstile, team, log, visitor
):
    turnstile.paces = (Pace(1, per=60),)
    (link,) = connected(team)
    log(team, 3)
    while Delivery.drain():
        pass
    seen = re.compile(r"Turnstile takes 1 a minute; 2 wait, the next goes out in \d\d s\.")
    browser = visitor("ada")
    last = Delivery.objects.latest("pk")
    for path in (link.get_absolute_url(), f"/deliveries/{last.pk}"):
        assert seen.search(browser.get(path).content.decode()), path
    Bucket.objects.close(link, 600)
    assert "goes out in 10 min." in queue(link)
    passes(700)
    assert queue(link) == ""


def test_who_wants_it_tried_now_has_it_tried_now(connected, turnstile, server, team, log, visitor):
    connected(team)
    server.most = 0
    log(team)
    Delivery.drain()
    server.most = 1
    assert Delivery.drain() == 0
    visitor("ada").post(f"/deliveries/{Delivery.objects.get().pk}/retry")
    assert (Delivery.drain(), server.counted.total()) == (1, 1)


def test_where_nothing_is_paced_nothing_waits(connected, turnstile, team, log, settings):
    (link,) = connected(team)
    log(team)
    Bucket.objects.close(link, 600)
    assert Delivery.objects.pick_up_link() is None
    settings.PACED = False
    assert Delivery.objects.pick_up_link() == link


def test_of_what_has_arrived_nothing_is_said_about_waiting(
    connected, turnstile, team, log, visitor
):
    turnstile.paces = (Pace(1, per=60),)
    (link,) = connected(team)
    log(team)
    Delivery.drain()
    assert "takes 1 a minute" not in visitor("ada").get(link.get_absolute_url()).content.decode()
    assert queue(link) == ""


# All of it at once.

#: So many carry at a time. Each may be held up with one request in hand, which then arrives among
#: those of the next second: what the partner counts may be so many more than what was let go.
CARRIERS = 4


def wait_until(done) -> None:
    until = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < until:
        time.sleep(0.05)
    assert done()


def all_arrived(server, links, each):
    counted = server.counted
    return all(counted[link.hash_id] == each for link in links)


def is_in_order(server):
    return all(texts == sorted(texts) for texts in server.posts.values())


@pytest.mark.django_db(transaction=True)
def test_of_five_hundred_at_once_four_carriers_have_none_refused(
    connected, turnstile, server, team, log
):
    links = connected(team, 5)
    log(team, 100)
    server.most += CARRIERS
    workers = Workers(*[(OUTBOX, Delivery.drain)] * CARRIERS)
    workers.start()
    wait_until(lambda: all_arrived(server, links, 100))
    workers.stop()
    assert server.refused == 0 and is_in_order(server)


@pytest.mark.django_db(transaction=True)
def test_nor_have_two_processes(connected, turnstile, server, team, log):
    links = connected(team, 5)
    log(team, 100)
    server.most += CARRIERS
    with carrying(turnstile._url), carrying(turnstile._url):
        wait_until(lambda: all_arrived(server, links, 100))
    assert server.refused == 0 and is_in_order(server)


@pytest.mark.django_db(transaction=True)
def test_whoever_is_killed_with_a_token_in_hand_stops_nobody(
    connected, turnstile, server, team, log
):
    dead, living = connected(team, 2)
    log(team)
    crash = {"ALLOW_CRASHES": "1", "CRASH_AT": "before_outgoing"}
    with carrying(turnstile._url, carriers=1, **crash) as process:
        assert process.wait(PATIENCE) == STATUS
    wait_until(lambda: Delivery.drain() or server.posts)
    assert [*server.posts] == [living.hash_id]
