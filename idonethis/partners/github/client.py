"""The calls we make to GitHub's REST API: https://docs.github.com/en/rest"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from idonethis.integrations.base import (
    Account,
    Again,
    Choice,
    Client,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Secret,
)
from idonethis.partners.github.forms import REPOSITORY
from idonethis.partners.github.payload import line, record, records

#: Enough to find anything by typing a few letters; more pages cost a second each.
MOST_PAGES = 5


def account(client: Client, token: Mapping[str, Any]) -> Account:
    """https://docs.github.com/en/rest/users/users#get-the-authenticated-user"""
    me = record(client.get("/user").json)
    if not me.get("id"):
        raise Again("GitHub did not say whose account this is.")
    return Account(
        uid=str(me["id"]),
        login=line(me.get("login")),
        name=line(me.get("name")),
        email=_primary_address(client),
        scopes=tuple(line(token.get("scope")).replace(",", " ").split()),
        secrets={"access_token": token["access_token"]},
    )


def _primary_address(client: Client) -> str:
    """Empty where GitHub has not verified it, or where the scope was taken away at the consent.
    https://docs.github.com/en/rest/users/emails#list-email-addresses-for-the-authenticated-user"""
    try:
        listed = records(client.get("/user/emails", params={"per_page": 100}).json)
    except (Gone, NeedsPermission):
        return ""
    good = (each for each in listed if each.get("primary") and each.get("verified"))
    return next((line(each.get("email")) for each in good), "")


def repositories(client: Client, query: str) -> Sequence[Choice]:
    """Those that GitHub lists, most recently pushed first, and after them those where the person
    cannot add a webhook; whatever looks like a full name can be picked, too.
    https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user"""
    wanted = query.strip()
    listed = [repo for repo in _all(client) if wanted.lower() in str(repo.get("full_name")).lower()]
    found = sorted(map(_choice, listed), key=lambda choice: bool(choice.barred))
    names = {choice.value.lower() for choice in found}
    if REPOSITORY.match(wanted) and wanted.lower() not in names:
        found.insert(0, Choice(wanted, wanted, "not listed by GitHub"))
    return found


def _all(client: Client) -> Iterator[Mapping[str, Any]]:
    for page in range(1, MOST_PAGES + 1):
        params = {"per_page": 100, "page": page, "sort": "pushed"}
        listed = records(client.get("/user/repos", params=params).json)
        yield from listed
        if len(listed) < 100:
            return


def _choice(repo: Mapping[str, Any]) -> Choice:
    name = line(repo.get("full_name"))
    admin = record(repo.get("permissions")).get("admin")
    barred = "" if admin else "You are not an administrator there, so you cannot add a webhook."
    return Choice(name, name, "private" if repo.get("private") else "", barred)


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
            client.patch(f"{path}/{found}", json=wanted)
            return found
        return str(client.post(path, json={"name": "web", **wanted}).json["id"])
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
    listed = records(client.get(path, params={"per_page": 100}).json)
    same = (hook for hook in listed if record(hook.get("config")).get("url") == url)
    return next((str(hook["id"]) for hook in same), "")


def drop_hook(client: Client, repository: str, *, url: str, remote_id: str) -> None:
    """https://docs.github.com/en/rest/repos/webhooks#delete-a-repository-webhook"""
    path = _hooks(repository)
    try:
        found = remote_id or _hook_at(client, path, url)
        if found:
            client.delete(f"{path}/{quote(found, safe='')}")
    except Gone:
        return


def _hooks(repository: str) -> str:
    if not REPOSITORY.match(repository):
        raise Never(f"“{repository}” is not a repository. Write owner/name.")
    owner, _, name = repository.partition("/")
    return f"/repos/{quote(owner)}/{quote(name)}/hooks"
