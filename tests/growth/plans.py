"""How a database goes about a query, in the same words for both: which tables it reads, by which
index and how far that narrows them, and what it has to sort."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

#: Tables that are never done with growing.
GROWING = {
    "audit_auditrecord",
    "entries_comment",
    "entries_entry",
    "entries_entry_mentioned",
    "entries_like",
    "entries_source",
    "entries_tag",
    "integrations_attempt",
    "integrations_bygone",
    "integrations_delivery",
    "integrations_receipt",
    "integrations_suggestion",
}
#: Indexes of nothing but what waits, however much is done with. To read one as a whole is to read
#: no more than that.
OF_WAITING = {
    "bygones_going",
    "deliveries_held",
    "deliveries_line",
    "my_open_entries",
    "open_entries",
    "receipts_asked",
    "receipts_bare",
    "receipts_fresh",
    "receipts_held",
    "receipts_replayable",
    "receipts_tried",
    "suggestions_overdue",
}
#: By these no more is found than what belongs to one thing, or to one person at a partner; or what
#: is newer than something.
OF_FEW = re.compile(
    r"\b(?:(?:id|rowid|hash_id|entry_id|delivery_id|actor_key)\)?(?:::\w+)? ?=|(?:id|rowid) ?>)"
)


@dataclass(frozen=True)
class Read:
    """How a table is read: all of it, where no ``keys`` narrow that."""

    table: str
    index: str
    keys: str
    told: str

    @property
    def grows(self) -> bool:
        return self.table in GROWING

    @property
    def is_bounded(self) -> bool:
        return self.index in OF_WAITING or bool(OF_FEW.search(self.keys))

    @property
    def is_whole(self) -> bool:
        return self.grows and not self.keys and self.index not in OF_WAITING


@dataclass(frozen=True)
class Plan:
    """``sorts``: in which order, before the first row is known; ``groups``: what is put together,
    for which all rows must be read in any case."""

    sql: str
    reads: tuple[Read, ...]
    sorts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def scans(self) -> list[str]:
        """Tables that grow and are read as a whole."""
        whole = [each for each in self.reads if each.is_whole and not self._is_of_newest]
        return [f"All of {each.table} is read: {each.told}\n    {self.sql}" for each in whole]

    @property
    def _is_of_newest(self) -> bool:
        """The first few in the order of an index, whatever they are."""
        return self._has_limit and " WHERE " not in self.sql and not self.sorts

    @property
    def sortings(self) -> list[str]:
        """All that was found in a table that grows is put in order, or together."""
        big = [read.told for read in self.reads if read.grows and not read.is_bounded]
        told = (*self.groups, *(() if self._has_limit else self.sorts)) if big else ()
        return [f"Sorted: {each}\n    {' '.join(big)}\n    {self.sql}" for each in told]

    @property
    def _has_limit(self) -> bool:
        return "LIMIT" in self.sql


#: https://www.sqlite.org/eqp.html
STEP = re.compile(
    r"(?:SCAN|SEARCH) (?P<table>\w+)"
    r"(?: USING (?P<made>AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?"
    r"(?:INDEX (?P<index>\w+)|INDEX|INTEGER PRIMARY KEY))?(?: \((?P<keys>.*)\))?"
)
ALIAS = re.compile(r'"(\w+)" (?:AS )?"?([A-Z][0-9]+)"?')


def of_sqlite(sql: str, rows: Iterable[tuple[Any, ...]]) -> Plan:
    steps, tables = [str(row[-1]) for row in rows], dict(map(reversed, ALIAS.findall(sql)))
    reads = [_read_by_sqlite(step, tables) for step in steps if STEP.match(step)]
    built = [step for step in steps if step.startswith("USE TEMP B-TREE")]
    sorts = tuple(step for step in built if "ORDER BY" in step)
    return Plan(sql, tuple(reads), sorts, tuple(each for each in built if each not in sorts))


def _read_by_sqlite(step: str, tables: dict[str, str]) -> Read:
    """An index that is made for the occasion is made of all that there is. Least and greatest are
    searched for without keys."""
    found = STEP.match(step)
    assert found
    named, keys = found["table"], found["keys"] or ""
    if step.startswith("SEARCH"):
        keys = "" if found["made"] else keys or "the first or the last"
    return Read(tables.get(named, named), found["index"] or "", keys, step)


def of_postgresql(sql: str, explained: dict[str, Any]) -> Plan:
    nodes = list(_below(explained["Plan"]))
    reads = tuple(_read_by_postgresql(node) for node in nodes if "Relation Name" in node)
    sorts = tuple(str(node["Sort Key"]) for node in nodes if node["Node Type"] == "Sort")
    hashed = [node for node in nodes if node.get("Strategy") == "Hashed" and _is_of_all(node)]
    return Plan(sql, reads, sorts, tuple(str(node.get("Group Key")) for node in hashed))


def _is_of_all(node: dict[str, Any]) -> bool:
    """Of what a table holds, and not of the first few of it, as the keys of one page are."""
    if node["Node Type"] == "Limit":
        return False
    return "Relation Name" in node or any(map(_is_of_all, node.get("Plans", ())))


def _below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A table that is changed is read by what stands below."""
    if node["Node Type"] != "ModifyTable":
        yield node
    for each in node.get("Plans", ()):
        yield from _below(each)


def _read_by_postgresql(node: dict[str, Any]) -> Read:
    bitmaps = [each for each in _below(node) if each["Node Type"] == "Bitmap Index Scan"]
    parts = [node] if "Index Name" in node else bitmaps
    keys = " ".join(each.get("Index Cond", "") for each in parts).strip()
    index = next((each["Index Name"] for each in parts), "")
    how = f"{node['Node Type']} {index} {keys} {node.get('Filter', '')}"
    return Read(node["Relation Name"], index, keys, how)
