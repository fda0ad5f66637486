"""On PostgreSQL requests lie apart from their receipts, by day, and a day goes as a whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone as clock

from idonethis.alone import one_at_a_time
from idonethis.integrations import migrations
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import Receipt, days
from idonethis.integrations.models.apart import Apart, day_of, rows
from idonethis.integrations.reads import EMPTIED
from idonethis.integrations.tests.killed import killed
from idonethis.integrations.tests.lying import elsewhere
from idonethis.integrations.values import Hook

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(settings.INBOX == "inbox", reason="SQLite keeps them in their rows."),
]
committing = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
FOLDER = Path(migrations.__path__[0])
#: A moment before midnight of UTC, when it is another day in most places.
LATE = datetime(2026, 11, 26, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing(db) -> Iterator[None]:
    """Days that other tests have committed are none of ours, and ours none of theirs."""
    _clear()
    yield
    if not connection.in_atomic_block:
        _clear()


def _clear() -> None:
    for name in _tables():
        _do(f"TRUNCATE {name}" if name == days.REST else f"DROP TABLE {name}")


def _tables() -> list[str]:
    found = rows(
        "SELECT inhrelid::regclass::text FROM pg_inherits "
        "WHERE inhparent = 'integrations_request'::regclass"
    )
    return [name for (name,) in found]


def _do(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def hook(key: str, *, ago: float = 0, body: bytes = b"", at: datetime | None = None) -> Row:
    came = at or clock.now() - ago * DAY
    return Row("acme", 1, key, "done", Hook(body or key.encode(), {}, received_at=came), {})


def lying() -> list[str]:
    """The tables that hold a request, each as often as it holds one."""
    return sorted(
        name for (name,) in rows("SELECT tableoid::regclass::text FROM integrations_request")
    )


def table(ago: float = 0) -> str:
    return days.table_of(day_of(clock.now() - ago * DAY))


def make(*agos: float) -> None:
    for ago in agos:
        days._make(day_of(clock.now() - ago * DAY))


def bodies() -> dict[str, bytes]:
    kept = Receipt.objects.exclude(state=EMPTIED).order_by("pk")
    return {each.delivery_key: each.hook.body for each in kept}


def go() -> bool:
    return days.let_go(day_of(clock.now()))


def through(*keys: str) -> None:
    """What of these is stored may go."""
    Receipt.objects.filter(delivery_key__in=keys).update(state=EMPTIED)


def test_what_comes_lies_with_its_day_and_reads_as_it_came():
    days.make_ahead()
    make(1)
    store([hook("old", ago=1), hook("new")])
    assert lying() == [table(1), table()]
    assert bodies() == {"old": b"old", "new": b"new"}
    assert rows("SELECT max(length(request)) FROM integrations_receipt") == [(0,)]


def test_a_repeat_on_the_next_day_or_in_the_same_batch_stores_nothing():
    make(1)
    store([hook("gear", ago=1, body=b"first")])
    store([hook("gear", body=b"again"), hook("cog", body=b"one"), hook("cog", body=b"two")])
    assert bodies() == {"gear": b"first", "cog": b"one"} and len(lying()) == 2


@pytest.mark.parametrize("zone", [-11, 0, 14])
@pytest.mark.parametrize("session", ["Pacific/Niue", "UTC", "Pacific/Kiritimati"])
def test_days_are_those_of_utc_wherever_whoever_stores_or_the_database_is(zone, session):
    after = LATE + timedelta(microseconds=1)
    for at in (LATE, after):
        days._make(day_of(at))
    _do(f"SET LOCAL TIME ZONE '{session}'")
    there = timezone(timedelta(hours=zone))
    store([hook(f"{at:%d}", at=at.astimezone(there)) for at in (LATE, after)])
    assert lying() == [days.table_of(LATE.date()), days.table_of(after.date())]
    _do("SET LOCAL TIME ZONE 'UTC'")  # in which Django reads
    with CaptureQueriesContext(connection) as asked:
        assert bodies() == {"26": b"26", "27": b"27"}
    assert len(asked) == 2  # so nothing was looked for elsewhere


def test_what_was_stored_before_midnight_is_read_after_it_and_its_day_does_not_go_without_it():
    for day in (LATE.date(), LATE.date() + DAY):
        days._make(day)
    store([hook("late", at=LATE), hook("early", at=LATE + DAY)])
    (late, _) = Receipt.objects.order_by("pk")
    assert days.let_go(LATE.date() + DAY)
    assert lying() == [days.table_of(LATE.date() + DAY)]
    assert late.hook.body == b"late" and bodies() == {"late": b"late", "early": b"early"}


@pytest.mark.parametrize("ago", [-3000, -30, 0, 30, 3000])
def test_a_day_that_was_not_made_refuses_nothing_however_wrong_a_clock_is(ago):
    store([hook("gear", ago=ago), hook("cog", ago=ago)])
    assert lying() == [days.REST] * 2 and bodies() == {"gear": b"gear", "cog": b"cog"}
    assert days.make_ahead() == days.AHEAD + 1 + bool(ago) and days.make_ahead() == 0
    assert lying() == [table(ago)] * 2 and bodies() == {"gear": b"gear", "cog": b"cog"}


def test_requests_of_receipts_that_are_fetched_together_are_fetched_together():
    make(1)
    store([hook(f"{number}", ago=number % 2) for number in range(40)])
    with CaptureQueriesContext(connection) as asked:
        assert len(bodies()) == 40
    assert len(asked) == 2


@pytest.mark.parametrize("state", ["due", "bare", "held", "done"])
def test_whatever_is_not_done_with_has_its_request_back_in_its_row_when_its_day_goes(state):
    make(1)
    store([hook("through", ago=1), hook("waits", ago=1), hook("today")])
    Receipt.objects.filter(delivery_key="waits").update(state=state)
    through("through")
    assert go() and table(1) not in _tables()
    assert bodies() == {"waits": b"waits", "today": b"today"}
    assert not Receipt.objects.get(delivery_key="through").stored


def test_a_receipt_that_was_fetched_before_its_day_went_still_reads():
    make(1)
    store([hook("waits", ago=1)])
    fetched = Receipt.objects.get()
    assert go() and fetched.hook.body == b"waits"


def test_a_request_in_another_day_than_its_receipt_says_still_reads():
    make(1)
    store([hook("gear", ago=1)])
    Receipt.objects.update(received_at=clock.now() - 2 * DAY)
    assert bodies() == {"gear": b"gear"}


def test_what_stands_in_a_row_counts_before_what_lies_apart():
    make(1)
    store([hook("gear", ago=1)])
    stored = Receipt.objects.get().stored
    Receipt.objects.update(request=b"erased")
    assert Receipt.objects.get().stored == b"erased" != stored
    assert go() and Receipt.objects.get().stored == b"erased"


def test_whatever_lies_apart_of_some_receipts_is_forgotten():
    make(1)
    store([hook("gear", ago=1), hook("cog")])
    Apart.of(Receipt.objects.filter(delivery_key="gear")).forget()
    assert lying() == [days.REST]


def test_the_way_back_to_an_older_version_brings_requests_back_into_their_rows():
    make(1)
    store([hook("gear", ago=1), hook("cog"), hook("through")])
    through("through")
    (name,) = (each.stem for each in FOLDER.glob("*_requests_by_day.py"))
    migration = import_module(f"{migrations.__name__}.{name}")
    with connection.schema_editor() as editor:
        migration.take_back(None, editor)
        assert all(each.request for each in Receipt.objects.exclude(state=EMPTIED))
        assert bodies() == {"gear": b"gear", "cog": b"cog"}
        migration.make(None, editor)
    assert bodies() == {"gear": b"gear", "cog": b"cog"}


READING = "SELECT count(*) FROM integrations_request"


@committing
def test_a_day_that_somebody_reads_stays_for_now_and_hooks_hardly_wait_for_that():
    make(0, 1)
    store([hook("waits", ago=1)])
    with elsewhere(READING), _coming() as took:
        assert not go() and not go() and bodies()["waits"] == b"waits"
    assert max(took) < 1.0
    assert go() and bodies()["waits"] == b"waits" and table(1) not in lying()


@committing
def test_a_day_into_which_somebody_just_stores_stays():
    make(1)
    yesterday = day_of(clock.now() - DAY)
    with elsewhere(f"INSERT INTO integrations_request VALUES (0, '{yesterday}', 'x')"):
        assert not go() and table(1) in _tables()
    assert go()


@committing
def test_while_somebody_reads_days_are_made_later_and_nothing_is_refused():
    with elsewhere(READING):
        assert days.make_ahead() == 0
        store([hook("gear")])
    assert bodies() == {"gear": b"gear"} and lying() == [days.REST]
    assert days.make_ahead() and lying() == [table()]


@committing
def test_of_many_who_make_days_and_drop_them_one_does():
    make(1)
    with one_at_a_time(days.LOCK):
        assert _beside(days.make_ahead).result() == 0 and not _beside(go).result()
    assert _tables() == [days.REST, table(1)]
    assert _beside(days.make_ahead).result() and _beside(go).result()


@committing
def test_what_comes_after_the_last_look_at_a_day_is_not_dropped_with_it():
    make(1)
    look, looks, came = days.WAITING.format(name=table(1)), [], []

    def late(execute, sql, *more):
        found = execute(sql, *more)
        looks.extend([sql] if sql == look else [])
        if sql == look and len(looks) == 2:
            came.append(_beside(lambda: store([hook("late", ago=1)])))
            time.sleep(0.1)
        return found

    with connection.execute_wrapper(late):
        go()
    came[0].result()
    assert bodies() == {"late": b"late"}


@committing
def test_what_is_forgotten_while_its_day_is_made_is_gone():
    store([hook("gear")])
    today = day_of(clock.now())
    moved = days.MAKE.format(name=table(), day=today, after=today + DAY)

    @transaction.atomic
    def forget():
        Apart.of(Receipt.objects.all()).forget()

    with elsewhere(moved):
        forgetting = _beside(forget)
        time.sleep(0.2)
        assert not forgetting.done()
    forgetting.result()
    assert lying() == []


def _beside(act: Callable[[], Any]) -> Future[Any]:
    """In a session of its own."""

    def ended() -> Any:
        try:
            return act()
        finally:
            connection.close()

    beside = ThreadPoolExecutor(1)
    done = beside.submit(ended)
    beside.shutdown(wait=False)
    return done


@contextmanager
def _coming() -> Iterator[list[float]]:
    """Hooks come meanwhile, of yesterday and of today; the keys begin with ``h``. Yields how long
    it took to store each."""
    stopping, took = threading.Event(), []
    thread = threading.Thread(target=_come, args=(stopping.is_set, took))
    thread.start()
    try:
        yield took
        time.sleep(0.1)
    finally:
        stopping.set()
        thread.join()
    assert took


def _come(is_over: Callable[[], bool], took: list[float]) -> None:
    for number in count():
        if is_over():
            break
        began = time.monotonic()
        store([hook(f"h{number}", ago=number % 2)])
        took.append(time.monotonic() - began)
    connection.close()


@committing
def test_nothing_that_comes_while_days_are_made_and_dropped_is_lost():
    with _coming() as took:
        for _ in range(10):
            days.make_ahead()
            go()
    assert bodies() == {f"h{number}": b"h%d" % number for number in range(len(took))}


@committing
@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_was_acknowledged_is_lost_when_who_stores_and_drops_is_killed(tmp_path, seed):
    told, chance = tmp_path / "acknowledged", Random(seed)
    told.touch()
    for death in range(4):
        enough = len(acknowledged(told)) + chance.randrange(20, 120)
        died = killed(
            lambda death=death: _live(told, f"{death}"),
            once=lambda enough=enough: len(acknowledged(told)) >= enough,
        )
        assert died
    found = bodies()
    assert {key: found.get(key) for key in acknowledged(told)} == {
        key: key.encode() for key in acknowledged(told)
    }
    assert go() and bodies() == found and set(lying()) <= {table(), days.REST}


def _live(told: Path, name: str) -> None:
    """What a server does: hooks come, some are done with at once, days are made, and go."""
    threading.Thread(target=_tell, args=(told, name), daemon=True).start()
    while True:
        days.make_ahead()
        days.let_go(day_of(clock.now()))


def _tell(told: Path, name: str) -> None:
    with told.open("a") as file:
        for number in count():
            store([hook(f"{name}-{number}", ago=number % 2)])
            file.write(f"{name}-{number}\n")
            file.flush()


def acknowledged(told: Path) -> list[str]:
    """The last line may be torn."""
    return told.read_text().split("\n")[:-1]
