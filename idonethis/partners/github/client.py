"""The calls we make to GitHub's REST API: https://docs.github.com/en/rest"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    NeedsPermission,
    Never,
    Secret,
)

#: Enough to find anything by typing a few letters; more pages cost a second each.
MOST_PAGES = 5


def account(client: Client, token: Mapping[str, Any]) -> Account:
    """https://docs.github.com/en/rest/users/users#get-the-authenticated-user"""
    me = client.get("/user").json
    scopes = tuple(str(token.get("scope") or "").replace(",", " ").split())
    return Account(
        uid=str(me["id"]),
        login=me["login"],
        name=me.get("name") or "",
        email=me.get("email") or "",
        scopes=scopes,
        secrets={"access_token": token["access_token"]},
    )


def repositories(client: Client, query: str) -> Sequence[Choice]:
    """Those that the person may see, most recently pushed first; only administrators of one may
    add a webhook. https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user"""
    wanted = query.lower().strip()
    found = (repo for repo in _all(client) if wanted in repo["full_name"].lower())
    return [_choice(repo) for repo in found]


def _all(client: Client) -> Iterator[Mapping[str, Any]]:
    for page in range(1, MOST_PAGES + 1):
        params = {"per_page": 100, "page": page, "sort": "pushed"}
        listed = client.get("/user/repos", params=params).json
        yield from listed
        if len(listed) < 100:
            return


def _choice(repo: Mapping[str, Any]) -> Choice:
    admin = (repo.get("permissions") or {}).get("admin")
    barred = "" if admin else "You are not an administrator there, so you cannot add a webhook."
    hint = "private" if repo.get("private") else ""
    return Choice(repo["full_name"], repo["full_name"], hint, barred)


def make_hook(
    client: Client, repository: str, *, url: str, secret: Secret, events: Sequence[str]
) -> str:
    """https://docs.github.com/en/rest/repos/webhooks#create-a-repository-webhook"""
    found = _hook_at(client, repository, url)
    config = {"url": url, "content_type": "json", "secret": str(secret), "insecure_ssl": "0"}
    wanted = {"active": True, "events": list(events), "config": config}
    if found:
        client.patch(f"{_hooks(repository)}/{found}", json=wanted)
        return found
    return str(client.post(_hooks(repository), json={"name": "web", **wanted}).json["id"])


def _hook_at(client: Client, repository: str, url: str) -> str:
    """The webhook that we made in an attempt which did not come to its end."""
    try:
        hooks = client.get(_hooks(repository), params={"per_page": 100}).json
    except (Gone, NeedsPermission) as problem:
        raise NeedsPermission(
            f"GitHub lets only administrators of {repository} add a webhook, and you are not one "
            "(or the repository does not exist). Ask an administrator of it to make this link."
        ) from problem
    return next((str(h["id"]) for h in hooks if h.get("config", {}).get("url") == url), "")


def drop_hook(client: Client, repository: str, *, url: str, remote_id: str) -> None:
    """https://docs.github.com/en/rest/repos/webhooks#delete-a-repository-webhook"""
    found = remote_id or _hook_at(client, repository, url)
    if found:
        client.delete(f"{_hooks(repository)}/{found}")


def _hooks(repository: str) -> str:
    owner, _, name = repository.partition("/")
    if not name or "/" in name:
        raise Never(f"“{repository}” is not a repository. Write owner/name.")
    return f"/repos/{quote(owner)}/{quote(name)}/hooks"
