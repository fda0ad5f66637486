"""Webhooks of repositories: https://docs.github.com/en/rest/repos/webhooks"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    StandingHook,
    line,
    record,
    records,
)
from idonethis.partners.github.forms import REPOSITORY

EVENTS = frozenset(("push", "pull_request", "issues", "pull_request_review", "release"))
MOVED = (301, 302, 307, 308)


def create_hook(
    client: Client, repository: str, *, url: str, secret: Secret, remote_id: str
) -> str:
    """The webhook with this id or address, made or brought up to date.
    https://docs.github.com/en/rest/repos/webhooks#create-a-repository-webhook"""
    path = hooks_path(repository)
    config = {"url": url, "content_type": "json", "secret": str(secret), "insecure_ssl": "0"}
    wanted = {"active": True, "events": sorted(EVENTS), "config": config}
    try:
        found = StandingHook.among(_listed(client, path), url=url, remote_id=remote_id)
        return _put(client, path, wanted, found=found.remote_id if found else "")
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


def _listed(client: Client, path: str) -> Iterator[StandingHook]:
    return map(_facts, records(ask(client, "GET", path, params={"per_page": 100}).json))


def standing_hook(
    client: Client, repository: str, *, url: str, remote_id: str
) -> StandingHook | None:
    """https://docs.github.com/en/rest/repos/webhooks#list-repository-webhooks"""
    path = hooks_path(repository)
    try:
        return StandingHook.among(_listed(client, path), url=url, remote_id=remote_id)
    except (Gone, NeedsPermission) as problem:
        raise _hidden(client, repository) from problem


def _hidden(client: Client, repository: str) -> NeedsPermission:
    """GitHub answers 404 where something is not there, and where it is not ours to see."""
    try:
        ask(client, "GET", path_of(repository))
    except (Gone, NeedsPermission):
        return NeedsPermission(
            f"GitHub does not show {repository} to us any more. If it was deleted, remove the "
            "link; else one of its administrators must connect their account here."
        )
    return NeedsPermission(
        f"GitHub does not show us the webhooks of {repository} any more: that takes somebody who "
        "administers it. One of them must connect their account here; until then nothing is lost."
    )


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    config, last = record(hook.get("config")), record(hook.get("last_response"))
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(config.get("url")),
        events=frozenset(map(str, hook.get("events") or ())),
        active=hook.get("active") is True,
        sound=config.get("content_type") == "json" and str(config.get("insecure_ssl")) == "0",
        is_refused=last.get("code") == 401,
    )


def destroy_hook(client: Client, repository: str, *, url: str, remote_id: str) -> None:
    """https://docs.github.com/en/rest/repos/webhooks#delete-a-repository-webhook"""
    path = hooks_path(repository)
    try:
        found = remote_id or _by_address(client, path, url)
        if found:
            ask(client, "DELETE", f"{path}/{quote(found, safe='')}")
    except Gone:
        return


def _by_address(client: Client, path: str, url: str) -> str:
    found = StandingHook.among(_listed(client, path), url=url, remote_id="")
    return found.remote_id if found else ""


def hooks_path(repository: str) -> str:
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
    client.judge(answer, path)
    return answer
