"""On PostgreSQL the requests of each day have a table of their own, made ahead and dropped as a
whole. Whoever stores hooks waits for neither longer than a moment: where others hold a lock, it is
tried again on the next turn. https://www.postgresql.org/docs/current/ddl-partitioning.html"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.conf import settings
from django.db import OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from idonethis.alone import one_at_a_time
from idonethis.integrations.models.apart import day_of, is_used, rows
from idonethis.integrations.reads import EMPTIED

log = logging.getLogger(__name__)

#: Days that have their table before they begin; what comes on a day without one lies in REST.
AHEAD = 3
TABLE, REST = "integrations_request", "integrations_request_rest"
#: Names the lock of those who make or drop a day.
LOCK = "days"
#: For how long hooks may wait for a day to be made or dropped, in milliseconds.
PATIENCE = 200
#: So many requests go back into their rows in one transaction, with rests in between, in seconds.
AT_ONCE, BREATH = 50, 0.02

MISSING = f"""
    SELECT day FROM unnest(%s::date[]) AS day
    WHERE to_regclass('{TABLE}_' || to_char(day, 'YYYYMMDD')) IS NULL
    UNION SELECT day FROM {REST} ORDER BY day
"""  # noqa: S608
#: The rest is locked from the beginning: whatever came into it until then moves. Hooks that have a
#: day do not wait for that.
MAKE = f"""
    LOCK TABLE {REST} IN ACCESS EXCLUSIVE MODE;
    CREATE TABLE {{name}} (LIKE {REST} INCLUDING ALL);
    WITH moved AS (DELETE FROM {REST} WHERE day = '{{day}}' RETURNING *)
        INSERT INTO {{name}} SELECT * FROM moved;
    ALTER TABLE {TABLE} ATTACH PARTITION {{name}} FOR VALUES FROM ('{{day}}') TO ('{{after}}')
"""  # noqa: S608
OLD = f"""
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = '{TABLE}'::regclass AND relname <> '{REST}' AND relname < %s ORDER BY relname
"""  # noqa: S608
#: What of a day still waits, or is kept for another reason, and is nowhere else.
WAITING = """
    SELECT id FROM integrations_receipt JOIN {name} AS apart ON receipt_id = id
    WHERE state <> %s AND integrations_receipt.request = ''::bytea ORDER BY id
"""
TAKE_BACK = """
    UPDATE integrations_receipt SET request = apart.request FROM {name} AS apart
    WHERE id = receipt_id AND id = ANY(%s) AND receipt_id = ANY(%s)
        AND state <> %s AND integrations_receipt.request = ''::bytea
"""


def make_ahead() -> int:
    """How many days were made: today, those to come, and those of which there is something in the
    rest. Of many processes one does it."""
    if not is_used():
        return 0
    try:
        with one_at_a_time(LOCK) as mine:
            return sum(map(_make, _missing())) if mine else 0
    except OperationalError as problem:
        log.info("Days are made later: %s", problem)
        return 0


def let_go(before: date) -> bool:
    """Drops the days before this one, after what still waits has its request back in its row. False
    if some day is still there: it is tried again, and goes on there."""
    if not is_used():
        return True
    try:
        with one_at_a_time(LOCK) as mine:
            return mine and all(map(_let_go, _old(before)))
    except OperationalError as problem:
        log.info("Days are dropped later: %s", problem)
        return False


def table_of(day: date) -> str:
    return f"{TABLE}_{day:%Y%m%d}"


def _missing() -> list[date]:
    today = day_of(timezone.now())
    wanted = [today + timedelta(days=number) for number in range(AHEAD + 1)]
    return [day for (day,) in rows(MISSING, [wanted])]


def _make(day: date) -> int:
    after = day + timedelta(days=1)
    with _patiently() as cursor:
        cursor.execute(MAKE.format(name=table_of(day), day=day, after=after))
    return 1


def _old(before: date) -> list[str]:
    return [name for (name,) in rows(OLD, [table_of(before)])]


def _let_go(name: str) -> bool:
    """What came into it since the others were taken back keeps it: nothing comes in while that is
    looked for, and what comes into other days need not wait for it."""
    _take_back(name)
    with _patiently() as cursor:
        cursor.execute(f"LOCK TABLE {name} IN SHARE MODE")
        if _waiting(name):
            return False
        cursor.execute(f"DROP TABLE {name}")
    log.info("%s has been dropped", name)
    return True


def _take_back(name: str) -> None:
    waiting = _waiting(name)
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        with connections[settings.INBOX].cursor() as cursor:
            cursor.execute(TAKE_BACK.format(name=name), [some, some, EMPTIED])
        time.sleep(BREATH)


def _waiting(name: str) -> list[int]:
    return [receipt for (receipt,) in rows(WAITING.format(name=name), [EMPTIED])]


@contextmanager
def _patiently() -> Iterator[CursorWrapper]:
    """All of it, or nothing: whoever reads for long, such as a backup, is not waited for."""
    with transaction.atomic(using=settings.INBOX), connections[settings.INBOX].cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
        yield cursor
