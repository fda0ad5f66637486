"""What PostgreSQL cannot hold is seen beforehand, and what is the same counts as the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import models

from idonethis.entries.models import Entry
from idonethis.integrations.models import Receipt
from idonethis.integrations.models.attempt import Attempt
from idonethis.mailing.models import MailChoice
from idonethis.moving.columns import READ, Column
from idonethis.moving.exact import canonical, parsed
from idonethis.moving.tables import Table, tables

BODY = Column.of(Entry._meta.get_field("body"))
KEY = Column.of(Entry._meta.get_field("id"))
ORIGIN = Column.of(Entry._meta.get_field("origin"))
TOOK = Column.of(Attempt._meta.get_field("took"))
EXCHANGE = Column.of(Attempt._meta.get_field("exchange"))
AT = Column.of(Attempt._meta.get_field("at"))
REQUEST = Column.of(Receipt._meta.get_field("request"))
CLOCK = Column.of(MailChoice._meta.get_field("at"))
DAY = Column.of(Entry._meta.get_field("occurred_on"))


@pytest.mark.parametrize(
    ("column", "stored", "said"),
    [
        (BODY, "a\0b", "NUL"),
        (BODY, "half \udc9f", "half a character"),
        (ORIGIN, "x" * 13, "13 characters, and there the most is 12"),
        (EXCHANGE, '{"a": ["b\\u0000"]}', "NUL"),
        (EXCHANGE, '{"a\\u0000": 1}', "NUL"),
        (EXCHANGE, '"\\ud83e"', "half a character"),
        (EXCHANGE, "NaN", "cannot be read as a JSONField"),
        (EXCHANGE, "{", "cannot be read as a JSONField"),
        (TOOK, 2**31, "from 0 to 2147483647"),
        (TOOK, -1, "from 0 to"),
        (TOOK, "long", "holds 'long'"),
        (AT, "yesterday", "cannot be read as a DateTimeField"),
        (DAY, 20261124, "cannot be read as a DateField"),
        (CLOCK, "five", "cannot be read as a TimeField"),
    ],
)
def test_what_postgresql_cannot_hold_is_refused(column, stored, said):
    assert said in column.refusal(stored)


@pytest.mark.parametrize(
    ("column", "stored"),
    [
        (BODY, "é 🧵 \x01"),
        (ORIGIN, "🧵" * 12),
        (EXCHANGE, '{"a": "\\ud83e\\uddf5", "b": [1e400, null]}'),
        (EXCHANGE, None),
        (KEY, 2**63 - 1),
        (REQUEST, b"\0\xff"),
        (AT, "2026-11-24 12:00:00"),
        (CLOCK, "17:00:00"),
    ],
)
def test_what_it_can_hold_is_not(column, stored):
    assert column.refusal(stored) == ""


def test_an_instant_of_sqlite_is_one_of_utc():
    at = datetime(2026, 11, 24, 12, 0, 0, 815, UTC)
    assert AT.read("2026-11-24 12:00:00.000815") == at
    elsewhere = at.astimezone(timezone(timedelta(hours=5)))
    assert AT.exact(at) == AT.exact(elsewhere) != AT.exact(at + timedelta(microseconds=1))
    assert DAY.read("2026-11-24") == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
        ("1e23", "100000000000000000000000"),
        ("1.50", "1.5"),
        ("-0.0", "0"),
        ('"\\u00e9"', '"é"'),
    ],
)
def test_json_is_the_same_however_it_is_written(one, other):
    assert canonical(parsed(one)) == canonical(parsed(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", '"1"'),
        ("1", "true"),
        ("null", '"null"'),
        ("[1, 2]", "[2, 1]"),
        ("12345678901234567890123456789012", "12345678901234567890123456789013"),
        ("0.1", "0.10000000000000001"),
        ('{"a": null}', "{}"),
    ],
)
def test_json_that_differs_is_not_the_same(one, other):
    assert canonical(parsed(one)) != canonical(parsed(other))


def test_json_null_is_another_thing_than_nothing():
    assert EXCHANGE.exact("null") != EXCHANGE.exact(None)


def test_a_row_that_is_missing_is_not_an_empty_one():
    assert Table.of(Entry).exact(None) is None


#: Those that both databases give to Python as the same.
PLAIN = {"CharField", "TextField", "SlugField", "JSONField", "BinaryField", "FloatField"}


def test_every_type_of_ours_is_known():
    """A new one needs a line in READ, or one here."""
    columns = [column for table in tables() for column in table.columns]
    whole = {column.kind for column in columns if isinstance(column.field, models.IntegerField)}
    assert {column.kind for column in columns} - whole - PLAIN == set(READ)
    assert len(tables()) > 30
