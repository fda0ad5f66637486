"""The calls we make to Asana: https://developers.asana.com/reference/rest-api-reference"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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

FIELDS = "name,completed,completed_at,completed_by.name,modified_at,permalink_url,tags.name"
#: https://developers.asana.com/docs/webhooks-guide#filters
FILTER = {"resource_type": "task", "action": "changed", "fields": ["completed"]}


def _one(client: Client, path: str, **params: str) -> Mapping[str, Any]:
    return record(record(client.get(path, params=params).json).get("data"))


def _many(client: Client, path: str, **params: str) -> list[Mapping[str, Any]]:
    return records(record(client.get(path, params=params).json).get("data"))


def account(client: Client, token: Mapping[str, Any]) -> Account:
    """https://developers.asana.com/reference/getuser"""
    me = _one(client, "/users/me", opt_fields="name,email")
    return Account(
        uid=line(me.get("gid")),
        name=line(me.get("name")),
        email=line(me.get("email")),
        secrets={"access_token": token["access_token"]},
    )


def projects(client: Client, query: str) -> Sequence[Choice]:
    """https://developers.asana.com/reference/typeaheadforworkspace"""
    me = _one(client, "/users/me", opt_fields="workspaces.name")
    return [
        choice for space in records(me.get("workspaces")) for choice in _in(client, space, query)
    ]


def _in(client: Client, workspace: Mapping[str, Any], query: str) -> Iterator[Choice]:
    path = f"/workspaces/{_quoted(workspace.get('gid'))}/typeahead"
    asked = {"resource_type": "project", "query": query, "count": "30", "opt_fields": "name"}
    for each in _many(client, path, **asked):
        name = line(each.get("name"))
        yield Choice(f"{line(each.get('gid'))}|{name}", name, line(workspace.get("name")))


def create_hook(client: Client, project: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """https://developers.asana.com/reference/createwebhook"""
    asked = {"resource": project, "target": url, "filters": [FILTER]}
    try:
        answer = client.post("/webhooks", json={"data": asked})
    except (Gone, NeedsPermission, NeedsReconnect):
        raise
    except Never as problem:
        here = urlsplit(url).netloc
        raise Never(
            f"{problem} Asana takes only addresses that it can reach from the internet, and this "
            f"server is {here}."
        ) from problem
    return line(record(record(answer.json).get("data")).get("gid"))


def standing_hook(client: Client, project: str, *, url: str, remote_id: str) -> StandingHook | None:
    """https://developers.asana.com/reference/getwebhooks"""
    about = _one(client, f"/projects/{_quoted(project)}", opt_fields="workspace")
    workspace = line(record(about.get("workspace")).get("gid"))
    listed = _many(client, "/webhooks", workspace=workspace, resource=project)
    ours = [each for each in listed if remote_id == line(each.get("gid")) or url == _target(each)]
    return next(map(_facts, ours), None)


def _target(hook: Mapping[str, Any]) -> str:
    return line(hook.get("target"))


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    active = hook.get("active") is not False
    return StandingHook(remote_id=line(hook.get("gid")), url=_target(hook), active=active)


def destroy_hook(client: Client, project: str, *, url: str, remote_id: str) -> None:
    """https://developers.asana.com/reference/deletewebhook"""
    try:
        found = standing_hook(client, project, url=url, remote_id=remote_id)
        if found:
            client.delete(f"/webhooks/{_quoted(found.remote_id)}")
    except Gone:
        return


def tasks(client: Client, gids: Iterable[str]) -> Mapping[str, Any]:
    """These tasks and whoever completed them, with their addresses; what is gone is left out."""
    found = {gid: task for gid in gids if (task := _task(client, gid))}
    people = {line(record(each.get("completed_by")).get("gid")) for each in found.values()}
    mails = {gid: _mail(client, gid) for gid in sorted(people - {""})}
    return {"tasks": found, "mails": mails} if found else {}


def _task(client: Client, gid: str) -> Mapping[str, Any]:
    """https://developers.asana.com/reference/gettask"""
    try:
        return _one(client, f"/tasks/{_quoted(gid)}", opt_fields=FIELDS)
    except Gone:
        return {}


def _mail(client: Client, gid: str) -> str:
    """Nothing of somebody who is not there any more, or whom we may not see."""
    try:
        return line(_one(client, f"/users/{_quoted(gid)}", opt_fields="email").get("email"))
    except (Gone, NeedsPermission):
        return ""


def _quoted(gid: object) -> str:
    return quote(line(gid), safe="")
