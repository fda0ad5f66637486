"""The calls we make to Notion: https://developers.notion.com/reference/intro"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Client,
    Gone,
    NeedsPermission,
    line,
    record,
    records,
)

#: Of a status, the group in which work is done.
#: https://developers.notion.com/reference/property-object#status
COMPLETE = "complete"


def account(token: Mapping[str, Any]) -> Account:
    """https://developers.notion.com/reference/create-a-token: it says itself whose it is."""
    person = record(record(token.get("owner")).get("user"))
    return Account(
        uid=line(person.get("id")),
        name=line(person.get("name")),
        email=line(record(person.get("person")).get("email")),
        secrets={"access_token": token["access_token"]},
    )


def page(client: Client, pk: str, people: Iterable[str]) -> Mapping[str, Any]:
    """What a page is called, its statuses, and who has changed it."""
    said = _one(client, "pages", pk)
    properties = record(said.get("properties"))
    return {
        "title": _title(properties),
        "url": line(said.get("url")),
        "statuses": _statuses(client, said, properties),
        "people": {each: _person(client, each) for each in people},
    }


def _one(client: Client, kind: str, pk: str) -> Mapping[str, Any]:
    return record(client.get(f"/v1/{kind}/{quote(pk, safe='')}").json)


def _title(properties: Mapping[str, Any]) -> str:
    titles = (record(each).get("title") for each in properties.values())
    parts = next((records(title) for title in titles if title), [])
    return line("".join(str(part.get("plain_text") or "") for part in parts))


def _statuses(
    client: Client, page: Mapping[str, Any], properties: Mapping[str, Any]
) -> Mapping[str, bool]:
    """By the id of the property, whether the page is complete. The groups stand in what the page is
    an entry of."""
    mine = [each for each in map(record, properties.values()) if each.get("type") == "status"]
    source = line(record(page.get("parent")).get("data_source_id"))
    if not (mine and source):
        return {}
    complete = _complete(_one(client, "data_sources", source))
    return {
        line(each.get("id")): line(record(each.get("status")).get("id")) in complete
        for each in mine
    }


def _complete(source: Mapping[str, Any]) -> set[str]:
    """The ids of the options that mean it."""
    statuses = (
        record(record(each).get("status")) for each in record(source.get("properties")).values()
    )
    groups = [group for status in statuses for group in records(status.get("groups"))]
    meant = [each for each in groups if line(each.get("name")).lower() == COMPLETE]
    return {line(pk) for group in meant for pk in group.get("option_ids") or ()}


def _person(client: Client, pk: str) -> Mapping[str, Any]:
    """https://developers.notion.com/reference/get-user: their mail only where it was said at Notion
    that we may read it."""
    try:
        said = _one(client, "users", pk)
    except (Gone, NeedsPermission):
        return {}
    mail = line(record(said.get("person")).get("email"))
    return {"name": line(said.get("name")), "email": mail}
