"""By a column of words and an inverted index of it, which knows no order. So the newest of each
team are looked at first, one by one, among which there is enough of what is often said; what is
said seldom is found by the index, and sorted. https://www.postgresql.org/docs/current/gin.html"""

from __future__ import annotations

from typing import Any

from idonethis.entries.search.asked import Anywhere, Asked, Words
from idonethis.entries.search.within import Within

#: How many of a team are looked at one by one.
NEWEST = 1000
QUERY = """
    SELECT hit.id FROM unnest(%(teams)s::bigint[]) AS mine(team), LATERAL (
        WITH newest AS MATERIALIZED (
            SELECT * FROM entries_entry
            WHERE team_id = mine.team AND occurred_on <= %(day)s
            AND (occurred_on, id) < (%(day)s, %(pk)s) {since}
            ORDER BY occurred_on DESC, id DESC LIMIT {newest}
        ), near AS MATERIALIZED (
            SELECT id, occurred_on FROM newest WHERE {told}
            ORDER BY occurred_on DESC, id DESC LIMIT %(most)s
        )
        SELECT id, occurred_on FROM near UNION ALL (
            SELECT id, occurred_on FROM (
                SELECT id, occurred_on FROM entries_entry
                WHERE (SELECT count(*) FROM near) < %(most)s
                AND (SELECT count(*) FROM newest) = {newest}
                AND team_id = mine.team {since} AND {told}
                AND (occurred_on, id) < (
                    SELECT occurred_on, id FROM newest ORDER BY occurred_on, id LIMIT 1
                ) OFFSET 0
            ) AS far ORDER BY occurred_on DESC, id DESC LIMIT %(most)s
        )
    ) AS hit ORDER BY hit.occurred_on DESC, hit.id DESC LIMIT %(most)s
"""


def query(asked: Asked, within: Within, *, most: int) -> tuple[str, dict[str, Any]]:
    told, values = _told(asked, within)
    since = "AND occurred_on >= %(since)s" if within.since else ""
    values |= {"teams": list(within.teams), "since": within.since, "most": most}
    values |= {"day": within.top.day, "pk": within.top.pk}
    return QUERY.format(told=told, since=since, newest=NEWEST), values


def _told(asked: Asked, within: Within) -> tuple[str, dict[str, Any]]:
    told, values = ["deleted_at IS NULL"], dict(within.columns)
    told += [f"{name} = %({name})s" for name in values]
    if words := _words(asked):
        told.append("words @@ %(words)s::tsquery")
        values["words"] = words
    for no, parts in (("", asked.looked_for), ("!", asked.unwanted_looked_for)):
        for number, part in enumerate(parts):
            name = f"pattern{number}{'not' if no else ''}"
            told.append(f"body {no}~* %({name})s")
            values[name] = part.pattern
    return " AND ".join(told), values


def _words(asked: Asked) -> str:
    wanted = [_part(each) for each in asked.indexed]
    return " & ".join([*wanted, *(f"!({_part(each)})" for each in asked.unwanted_indexed)])


def _part(part: Words) -> str:
    """What is of the body has no weight; what is of the address has one."""
    where = "" if isinstance(part, Anywhere) else "D"
    last = len(part.words) - 1
    each = [
        f"'{word}':{'*' if part.goes_on and number == last else ''}{where}".rstrip(":")
        for number, word in enumerate(part.words)
    ]
    return f"({' <-> '.join(each)})"
