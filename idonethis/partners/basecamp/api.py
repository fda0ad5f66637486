"""The calls we make to Basecamp: https://github.com/basecamp/bc3-api

One grant reaches all accounts in which a person is, so a project is ``account/project`` here. What
lies on further pages is asked for as the page before says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Secret,
    StandingHook,
    line,
    record,
    records,
)

TYPES = frozenset(("Todo", "Kanban::Card"))
PROJECT = re.compile(r"\A[0-9]{1,20}/[0-9]{1,20}\Z")
NEXT = re.compile(r'<([^<>]+)>; rel="next"')
#: They grow, and from the fourth on they have a hundred each.
MOST_PAGES = 10
#: What is raised of a place that one person may not see, and another may.
CLOSED = (Gone, NeedsPermission)


def account(client: Client, token: Mapping[str, Any], launchpad: str) -> Account:
    """Whoever this is in the oldest of their accounts that lets them in: what webhooks call
    somebody differs from one account to the next, and Launchpad's own number stands in none.
    https://github.com/basecamp/bc3-api/blob/master/sections/people.md#get-my-personal-info"""
    for number, _ in _accounts(client, launchpad):
        try:
            me = record(client.get(f"/{number}/my/profile.json").json)
        except CLOSED:
            continue
        secrets = {"access_token": token["access_token"]}
        return Account(uid=line(me.get("id")), name=line(me.get("name")), secrets=secrets)
    raise Never("You are in no account of Basecamp that is open.")


def _accounts(client: Client, launchpad: str) -> Sequence[tuple[str, str]]:
    """Their numbers and names, the oldest first; ``bc3`` are all since Basecamp 3.
    https://github.com/basecamp/bc3-api/blob/master/sections/authentication.md#get-authorization"""
    said = record(client.get(f"{launchpad}/authorization.json").json)
    known = [each for each in records(said.get("accounts")) if each.get("product") == "bc3"]
    found = [(line(each.get("id")), line(each.get("name"))) for each in known]
    return sorted((each for each in found if each[0].isdecimal()), key=lambda each: int(each[0]))


def projects(client: Client, query: str, launchpad: str) -> Sequence[Choice]:
    """https://github.com/basecamp/bc3-api/blob/master/sections/projects.md#get-all-projects"""
    return [
        Choice(f"{number}/{line(each.get('id'))}|{title}", title, name)
        for number, name in _accounts(client, launchpad)
        for each in _open(client, f"/{number}/projects.json")
        if query.lower() in (title := line(each.get("name"))).lower()
    ]


def _open(client: Client, path: str) -> list[Mapping[str, Any]]:
    try:
        return list(_all(client, path))
    except CLOSED:
        return []


def _all(client: Client, path: str) -> Iterator[Mapping[str, Any]]:
    """https://github.com/basecamp/bc3-api/blob/master/README.md#pagination"""
    for _ in range(MOST_PAGES):
        answer = client.get(path)
        yield from records(answer.json)
        following = NEXT.search(answer.headers.get("link", ""))
        if not following:
            return
        path = following[1]


def create_hook(client: Client, project: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """https://github.com/basecamp/bc3-api/blob/master/sections/webhooks.md#create-a-webhook"""
    standing = standing_hook(client, project, url=url, remote_id=remote_id)
    wanted = {"payload_url": url, "types": sorted(TYPES)}
    if standing:
        client.call("PUT", _one(project, standing), json={**wanted, "active": True})
        return standing.remote_id
    return _create(client, project, wanted)


def _create(client: Client, project: str, wanted: Mapping[str, Any]) -> str:
    try:
        answer = client.post(_hooks(project), json=wanted)
    except (*CLOSED, NeedsReconnect):
        raise
    except Never as problem:
        here = urlsplit(wanted["payload_url"]).netloc
        raise Never(
            f"{problem} Basecamp takes only https addresses, and this server is {here}."
        ) from problem
    return line(record(answer.json).get("id"))


def standing_hook(client: Client, project: str, *, url: str, remote_id: str) -> StandingHook | None:
    """https://github.com/basecamp/bc3-api/blob/master/sections/webhooks.md#get-webhooks"""
    try:
        return _ours(client, project, url=url, remote_id=remote_id)
    except Gone as problem:
        raise NeedsPermission(
            f"{problem} Either the project is no longer at Basecamp, or you are not in it. "
            "Somebody who is must connect their account here."
        ) from problem


def _ours(client: Client, project: str, *, url: str, remote_id: str) -> StandingHook | None:
    listed = [_facts(each) for each in _all(client, _hooks(project))]
    return StandingHook.among(listed, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(hook.get("payload_url")),
        events=frozenset(map(str, hook.get("types") or ())),
        active=hook.get("active") is True,
    )


def destroy_hook(client: Client, project: str, *, url: str, remote_id: str) -> None:
    """https://github.com/basecamp/bc3-api/blob/master/sections/webhooks.md#destroy-a-webhook"""
    try:
        standing = _ours(client, project, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(project, standing))
    except Gone:
        return


def _hooks(project: str) -> str:
    number, bucket = _parts(project)
    return f"/{number}/buckets/{bucket}/webhooks.json"


def _one(project: str, hook: StandingHook) -> str:
    """https://github.com/basecamp/bc3-api/blob/master/README.md#flat-routes"""
    number, _ = _parts(project)
    return f"/{number}/webhooks/{quote(hook.remote_id, safe='')}.json"


def _parts(project: str) -> list[str]:
    if not PROJECT.match(project):
        raise Never(f"“{project}” is not a project. Pick one.")
    return project.split("/")
