"""By FTS5. A row is numbered by the day of its entry and by the entry's key, so the newest are read
first along the index itself; whose it is and where it came from are words of it, too, so nothing is
read that a filter leaves out. https://www.sqlite.org/fts5.html"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection

from idonethis.entries.search import fts5
from idonethis.entries.search.asked import Anywhere, Asked, Letters, Signed, Words
from idonethis.entries.search.within import Within

#: The filters of the index go first: ``entries_words`` stands left, whatever is known of sizes.
QUERY = """
    SELECT entry.id FROM entries_words CROSS JOIN entries_entry entry
    ON entry.id = entries_words.rowid & {ids}
    WHERE entries_words MATCH %s AND entries_words.rowid >= %s AND entries_words.rowid < %s
    AND {told} ORDER BY entries_words.rowid DESC LIMIT %s
"""
#: Where this SQLite has no FTS5.
WITHOUT = """
    SELECT entry.id FROM entries_entry entry
    WHERE (entry.occurred_on, entry.id) < (%s, %s) AND entry.occurred_on >= %s
    AND {told} ORDER BY entry.occurred_on DESC, entry.id DESC LIMIT %s
"""
Sql = tuple[str, list[Any]]


def query(asked: Asked, within: Within, *, most: int) -> Sql:
    way = _by_index if fts5.is_kept(connection) else _by_looking
    return way(asked, within, most=most)


def _by_index(asked: Asked, within: Within, *, most: int) -> Sql:
    told, values = _told(asked, within)
    since = _number(within.since.toordinal()) if within.since else 0
    below = _number(within.top.day.toordinal()) + within.top.pk
    sql = QUERY.format(ids=2**fts5.BITS - 1, told=told)
    return sql, [_match(asked, within), since, below, *values, most]


def _number(day: int) -> int:
    return day + fts5.DAYS_BEFORE << fts5.BITS


def _told(asked: Asked, within: Within) -> Sql:
    """What the index does not know, and once more who may see it."""
    teams = ", ".join(["%s"] * len(within.teams))
    told = [f"entry.team_id IN ({teams})", "entry.deleted_at IS NULL"]
    told += [_seen(part) for part in asked.looked_for]
    told += [f"NOT {_seen(part)}" for part in asked.unwanted_looked_for]
    parts = (*asked.looked_for, *asked.unwanted_looked_for)
    return " AND ".join(told), [*within.teams, *map(_as_seen, parts)]


def _seen(part: Signed | Letters) -> str:
    """Django has Python look for patterns; letters SQLite finds by itself, and ten times sooner."""
    is_plain = isinstance(part, Letters)
    return r"entry.body LIKE %s ESCAPE '\'" if is_plain else "entry.body REGEXP %s"


def _as_seen(part: Signed | Letters) -> str:
    plain = re.sub(r"([%_\\])", r"\\\1", part.text)
    return f"%{plain}%" if isinstance(part, Letters) else f"(?i){part.pattern}"


def _match(asked: Asked, within: Within) -> str:
    """Everything in it is quoted: of what somebody typed, nothing is an operator."""
    wanted = " AND ".join([*_about(within), *map(_part, asked.indexed)])
    return f"({wanted}){''.join(f' NOT {_part(each)}' for each in asked.unwanted_indexed)}"


def _about(within: Within) -> Iterator[str]:
    teams = " OR ".join(f'"t{team}"' for team in within.teams)
    yield f"about : ({teams})"
    for name, value in within.columns:
        word = value if isinstance(value, int) else value.encode().hex()
        yield f'about : "{name[0]}{word}"'


def _part(part: Words) -> str:
    where = "{body url}" if isinstance(part, Anywhere) else "body"
    return f'({where} : "{" ".join(part.words)}"{" *" if part.goes_on else ""})'


def _by_looking(asked: Asked, within: Within, *, most: int) -> Sql:
    told, values = _told(asked, within)
    for no, parts in (("", asked.indexed), ("NOT", asked.unwanted_indexed)):
        told += f" AND {no} entry.body || ' ' || entry.url LIKE %s" * len(parts)
        values += [f"%{'%'.join(part.words)}%" for part in parts]
    for name, value in within.columns:
        told += f" AND entry.{name} = %s"
        values.append(value)
    since = within.since.isoformat() if within.since else ""
    place = [within.top.day.isoformat(), within.top.pk, since]
    return WITHOUT.format(told=told), [*place, *values, most]
