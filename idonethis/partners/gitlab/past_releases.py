"""Releases of the past. They are asked for by GraphQL, which tells the ids that webhooks tell, too;
REST does not: https://docs.gitlab.com/api/graphql/reference/#release"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from idonethis.integrations.base import Again, Client, Hook, instant, line, record, records
from idonethis.integrations.kits.pasts import Part

RELEASES = """query ($project: ID!, $after: String) { project (fullPath: $project) {
  releases (sort: RELEASED_AT_DESC, first: 50, after: $after) {
    nodes { id tagName createdAt releasedAt links { selfUrl } }
    pageInfo { hasNextPage endCursor }
} } }"""
#: How a GitLab refuses that is too old to know what is asked for.
TOO_OLD = frozenset(("undefinedField", "argumentNotAccepted"))


def releases(
    client: Client, project: Mapping[str, Any], *, since: datetime, place: Mapping[str, Any]
) -> Part:
    """Newest first. Nothing, where the server is too old to tell what they are called."""
    said = _asked(client, project, place)
    if said is None:
        return Part()
    listed, info = records(said.get("nodes")), record(said.get("pageInfo"))
    recent = [each for each in listed if _is_recent(each.get("releasedAt"), since)]
    goes_on = info.get("hasNextPage") is True and bool(recent)
    made = [each for each in recent if _is_recent(each.get("createdAt"), since)]
    hooks = tuple(_hook(project, each) for each in made)
    return Part(hooks, {"after": info.get("endCursor")} if goes_on else None, len(recent))


def _asked(
    client: Client, project: Mapping[str, Any], place: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    variables = {"project": project.get("path_with_namespace"), "after": place.get("after")}
    address = f"{client.base_url.removesuffix('/v4')}/graphql"
    said = record(client.post(address, json={"query": RELEASES, "variables": variables}).json)
    refusals = [record(each.get("extensions")) for each in records(said.get("errors"))]
    if refusals and {line(each.get("code")) for each in refusals} <= TOO_OLD:
        return None
    found = record(record(said.get("data")).get("project"))
    if refusals or not found:
        raise Again("GitLab did not say which releases there are.")
    return record(found.get("releases"))


def _is_recent(said: Any, since: datetime) -> bool:
    at = instant(said)
    return at is not None and at >= since


def _hook(project: Mapping[str, Any], release: Mapping[str, Any]) -> Hook:
    """One that is announced ahead is told of when it is made."""
    made = instant(release.get("createdAt")) or datetime.now(UTC)
    body = {
        "object_kind": "release",
        "action": "create",
        "id": line(release.get("id")).rpartition("/")[2],
        "tag": release.get("tagName"),
        "url": record(release.get("links")).get("selfUrl"),
        "created_at": release.get("createdAt"),
        "released_at": release.get("releasedAt"),
        "project": project,
    }
    return Hook(orjson.dumps(body), {"content-type": "application/json"}, received_at=made)
