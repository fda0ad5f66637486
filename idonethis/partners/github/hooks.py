"""Webhooks of repositories: https://docs.github.com/en/rest/repos/webhooks"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from idonethis.integrations.base import (
    Answer,
    Client,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Secret,
    record,
    records,
)
from idonethis.integrations.http import raise_for
from idonethis.partners.github.forms import REPOSITORY
from idonethis.partners.github.payload import line

MOVED = (301, 302, 307, 308)


def make_hook(
    client: Client, repository: str, *, url: str, secret: Secret, events: Sequence[str]
) -> str:
    """The webhook with this address, made or brought up to date.
    https://docs.github.com/en/rest/repos/webhooks#create-a-repository-webhook"""
    path = _hooks(repository)
    config = {"url": url, "content_type": "json", "secret": str(secret), "insecure_ssl": "0"}
    wanted = {"active": True, "events": list(events), "config": config}
    try:
        return _put(client, path, wanted, found=_hook_at(client, path, url))
    except (Gone, NeedsPermission) as problem:
        raise NeedsPermission(
            f"GitHub does not let you add a webhook to {repository}. Either there is no such "
            "repository, or you are not an administrator of it, or its organisation has not "
            "approved this application. Ask one of its administrators to make this link."
        ) from problem


def _put(client: Client, path: str, wanted: Mapping[str, Any], *, found: str) -> str:
    try:
        if found:
            ask(client, "PATCH", f"{path}/{found}", json=wanted)
            return found
        return str(ask(client, "POST", path, json={"name": "web", **wanted}).json["id"])
    except (Gone, NeedsPermission, NeedsReconnect):
        raise
    except Never as problem:
        here = urlsplit(wanted["config"]["url"]).netloc
        raise Never(
            f"{problem} GitHub takes only addresses that it can reach from the internet, and this "
            f"server is {here}; and it takes no more than 20 webhooks in one repository."
        ) from problem


def _hook_at(client: Client, path: str, url: str) -> str:
    """The partner's id of the webhook with this address; empty, where there is none."""
    listed = records(ask(client, "GET", path, params={"per_page": 100}).json)
    same = (hook for hook in listed if record(hook.get("config")).get("url") == url)
    return next((str(hook["id"]) for hook in same), "")


def drop_hook(client: Client, repository: str, *, url: str, remote_id: str) -> None:
    """https://docs.github.com/en/rest/repos/webhooks#delete-a-repository-webhook"""
    path = _hooks(repository)
    try:
        found = remote_id or _hook_at(client, path, url)
        if found:
            ask(client, "DELETE", f"{path}/{quote(found, safe='')}")
    except Gone:
        return


def _hooks(repository: str) -> str:
    return f"{path_of(repository)}/hooks"


def path_of(repository: str) -> str:
    if not REPOSITORY.match(repository):
        raise Never(f"“{repository}” is not a repository. Write owner/name.")
    owner, _, name = repository.partition("/")
    return f"/repos/{quote(owner)}/{quote(name)}"


def ask(client: Client, method: str, path: str, **content: Any) -> Answer:
    """Follows GitHub to where a renamed repository is now, and to no other server.
    https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api"""
    answer = client.send(method, path, **content)
    there = line(answer.headers.get("location"))
    if answer.status in MOVED and there.startswith(f"{client.base_url}/"):
        return client.call(method, there, **content)
    raise_for(answer, host="GitHub")
    return answer
