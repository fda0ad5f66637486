"""The calls we make to Bitbucket Cloud: https://developer.atlassian.com/cloud/bitbucket/rest/

Of workspaces, repositories and webhooks, no more than 100 of each, which is the longest page; there
are no more than 50 webhooks in one repository."""

from __future__ import annotations

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
from idonethis.partners.bitbucket.forms import REPOSITORY
from idonethis.partners.bitbucket.reading import person

EVENTS = frozenset(("repo:push", "pullrequest:fulfilled"))
LONGEST_PAGE = 100


def account(client: Client, token: Mapping[str, Any]) -> Account:
    """https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/#api-user-get"""
    me = person(client.get("/user").json)
    return Account(uid=me.uid, name=me.name, secrets={"access_token": token["access_token"]})


def repositories(client: Client, query: str) -> Sequence[Choice]:
    """By workspace alone: https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-3022"""
    named = query.rpartition("/")[2].replace("\\", "").replace('"', "")
    return [
        Choice(name, name)
        for place in _values(client, "/user/workspaces")
        for name in _in(client, line(record(place.get("workspace")).get("slug")), named)
    ]


def _in(client: Client, workspace: str, named: str) -> Iterator[str]:
    """https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/#api-repositories-workspace-get"""
    asked = {"role": "admin", "sort": "-updated_on"} | ({"q": f'name ~ "{named}"'} if named else {})
    for each in _values(client, f"/repositories/{quote(workspace, safe='')}", **asked):
        yield line(each.get("full_name")).lower()


def _values(client: Client, path: str, **params: str) -> list[Mapping[str, Any]]:
    answer = client.get(path, params={"pagelen": LONGEST_PAGE, **params})
    return records(record(answer.json).get("values"))


def create_hook(
    client: Client,
    repository: str,
    *,
    url: str,
    secret: Secret,
    remote_id: str,
) -> str:
    """https://developer.atlassian.com/cloud/bitbucket/rest/api-group-webhooks/#api-repositories-workspace-repo-slug-hooks-post"""
    standing = standing_hook(client, repository, url=url, remote_id=remote_id)
    wanted = {
        "description": "I Done This",
        "url": url,
        "active": True,
        "secret": str(secret),
        "events": sorted(EVENTS),
    }
    if standing:
        client.call("PUT", _one(repository, standing), json=wanted)
        return standing.remote_id
    return _create(client, repository, wanted)


def _create(client: Client, repository: str, wanted: Mapping[str, Any]) -> str:
    try:
        answer = client.post(_path(repository), json=wanted)
    except (Gone, NeedsPermission, NeedsReconnect):
        raise
    except Never as problem:
        here = urlsplit(wanted["url"]).netloc
        raise Never(
            f"{problem} Bitbucket takes only addresses that it can reach from the internet, and "
            f"this server is {here}; and it takes no more than 50 webhooks in one repository."
        ) from problem
    return line(record(answer.json).get("uuid"))


def standing_hook(
    client: Client, repository: str, *, url: str, remote_id: str
) -> StandingHook | None:
    """https://developer.atlassian.com/cloud/bitbucket/rest/api-group-webhooks/#api-repositories-workspace-repo-slug-hooks-get"""
    try:
        return _ours(client, repository, url=url, remote_id=remote_id)
    except (Gone, NeedsPermission) as problem:
        raise NeedsPermission(
            f"{problem} Either there is no repository {repository} at Bitbucket (any more), or you "
            "do not administer it, which webhooks take. One of its administrators must connect "
            "their account here."
        ) from problem


def _ours(client: Client, repository: str, *, url: str, remote_id: str) -> StandingHook | None:
    listed = [_facts(each) for each in _values(client, _path(repository))]
    return StandingHook.among(listed, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    """Whether the secret is still ours it does not say, only whether there is any."""
    return StandingHook(
        remote_id=line(hook.get("uuid")),
        url=line(hook.get("url")),
        events=frozenset(map(str, hook.get("events") or ())),
        active=hook.get("active") is True,
        sound=hook.get("secret_set") is not False,
    )


def destroy_hook(client: Client, repository: str, *, url: str, remote_id: str) -> None:
    """https://developer.atlassian.com/cloud/bitbucket/rest/api-group-webhooks/#api-repositories-workspace-repo-slug-hooks-uid-delete"""
    try:
        standing = _ours(client, repository, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(repository, standing))
    except Gone:
        return


def _path(repository: str) -> str:
    if not REPOSITORY.match(repository):
        raise Never(f"“{repository}” is not a repository. Write workspace/name.")
    return f"/repositories/{quote(repository)}/hooks"


def _one(repository: str, hook: StandingHook) -> str:
    return f"{_path(repository)}/{quote(hook.remote_id, safe='')}"
