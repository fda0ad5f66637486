"""Who has completed an issue that is nobody's: its history says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from idonethis.integrations.base import Client, line, record
from idonethis.partners.linear import api

HISTORIES = """query ($filter: IssueFilter, $first: Int) {
  issues (first: $first, filter: $filter, includeArchived: true) {
    nodes { id history (first: 50) { nodes {
      createdAt fromState { type } toState { type }
      actor { id name email } botActor { id name type }
    } } }
} }"""


def completers(client: Client, issues: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """By the ids of these issues, as a webhook would call them; nothing, where it is not said."""
    if not issues:
        return {}
    wanted = {"filter": {"id": {"in": list(issues)}}, "first": len(issues)}
    found = api.nodes(api.ask(client, HISTORIES, **wanted), "issues")
    return {line(each.get("id")): _completer(each) for each in found}


def _completer(issue: Mapping[str, Any]) -> Mapping[str, Any]:
    """From one completed state to another, nothing is completed anew."""
    moves = [each for each in api.nodes(issue, "history") if _completes(each)]
    last = max(moves, key=lambda move: line(move.get("createdAt")), default={})
    person = record(last.get("actor"))
    return {**person, "type": "user"} if person else record(last.get("botActor"))


def _completes(move: Mapping[str, Any]) -> bool:
    before, after = (line(record(move.get(f"{end}State")).get("type")) for end in ("from", "to"))
    return after == "completed" != before
