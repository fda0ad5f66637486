"""What was completed before a link was made, told as webhooks would have told it:
https://linear.app/developers/graphql. A thing of which Linear does not say whose it is, is left
out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from idonethis.integrations.base import Client, Hook, PastPage, line, record
from idonethis.integrations.kits.pasts import Part, beginning, page_of
from idonethis.partners.linear import api
from idonethis.partners.linear.past_moves import completers

#: Linear counts what an answer may hold: https://linear.app/developers/rate-limiting
QUERIES = {
    "Issue": """query ($filter: IssueFilter, $after: String) {
  issues (first: 25, after: $after, filter: $filter, includeArchived: true) {
    nodes {
      id identifier title url completedAt updatedAt trashed
      state { id type } team { name } assignee { id name email }
      labels (first: 20) { nodes { name } }
    }
    pageInfo { hasNextPage endCursor }
} }""",
    "Project": """query ($filter: ProjectFilter, $after: String) {
  projects (first: 50, after: $after, filter: $filter, includeArchived: true) {
    nodes {
      id name url completedAt updatedAt trashed status { id type } lead { id name email }
    }
    pageInfo { hasNextPage endCursor }
} }""",
    "Initiative": """query ($filter: InitiativeFilter, $after: String) {
  initiatives (first: 50, after: $after, filter: $filter, includeArchived: true) {
    nodes { id name url completedAt updatedAt trashed status owner { id name email } }
    pageInfo { hasNextPage endCursor }
} }""",
}


@dataclass(frozen=True)
class Asking:
    """For what was completed since then in this team, or in all public ones."""

    client: Client
    subject: str
    since: datetime

    def read(self, kind: str, place: Mapping[str, Any]) -> Part:
        """Archived things, too, as completed ones are after a while; deleted ones are not."""
        wanted = {"completedAt": {"gte": self.since.isoformat()}, **self._among(kind)}
        said = api.ask(self.client, QUERIES[kind], filter=wanted, after=place.get("after"))
        name = f"{kind.lower()}s"
        listed, info = api.nodes(said, name), record(record(said.get(name)).get("pageInfo"))
        standing = [each for each in listed if each.get("trashed") is not True]
        hooks = tuple(TELLS[kind](self.client, standing))
        goes_on = info.get("hasNextPage") is True
        return Part(hooks, {"after": info.get("endCursor")} if goes_on else None, len(listed))

    def _among(self, kind: str) -> Mapping[str, Any]:
        """https://linear.app/developers/filtering"""
        every = self.subject.startswith(api.EVERY)
        team = {"private": {"eq": False}} if every else {"id": {"eq": self.subject}}
        among: Mapping[str, Any] = {
            "Issue": {"team": team},
            "Project": {"accessibleTeams": {"some": team}},
        }
        return record(among.get(kind))


def page(
    client: Client, subject: str, *, events: set[str], since: datetime, cursor: Mapping[str, Any]
) -> PastPage:
    """See ``Backfills.past``; ``events`` are those that the link logs."""
    cursor = cursor or _beginning(client, subject, events)
    asking = Asking(client, subject, since)
    return page_of({kind: partial(asking.read, kind) for kind in QUERIES}, cursor)


def _beginning(client: Client, subject: str, events: set[str]) -> Mapping[str, Any]:
    """Initiatives belong to no team, so the webhook of one does not tell of them."""
    api.check(client, subject)
    kinds = [kind for kind in QUERIES if kind in events]
    every = subject.startswith(api.EVERY)
    return beginning(kind for kind in kinds if every or kind != "Initiative")


def _issues(client: Client, issues: Sequence[Mapping[str, Any]]) -> Iterator[Hook]:
    bare = [line(each.get("id")) for each in issues if not each.get("assignee")]
    by = completers(client, bare)
    for issue in issues:
        actor = by.get(line(issue.get("id")), {})
        if issue.get("assignee") or actor:
            thing = {**issue, "labels": api.nodes(issue, "labels")}
            yield _hook("Issue", thing, actor=actor, moved="stateId")


def _owned(
    kind: str, by: str, client: Client, things: Sequence[Mapping[str, Any]]
) -> Iterator[Hook]:
    """The history of these names nobody."""
    for thing in things:
        if thing.get(by):
            yield _hook(kind, thing, actor={}, moved="status")


def _hook(kind: str, thing: Mapping[str, Any], *, actor: Mapping[str, Any], moved: str) -> Hook:
    body = {
        "action": "update",
        "type": kind,
        "actor": actor,
        "createdAt": thing.get("updatedAt"),
        "data": thing,
        "updatedFrom": {moved: ""},
        "url": thing.get("url"),
    }
    headers = {"content-type": "application/json", "linear-event": kind}
    return Hook(orjson.dumps(body), headers)


TELLS: Mapping[str, Callable[[Client, Sequence[Mapping[str, Any]]], Iterator[Hook]]] = {
    "Issue": _issues,
    "Project": partial(_owned, "Project", "lead"),
    "Initiative": partial(_owned, "Initiative", "owner"),
}
