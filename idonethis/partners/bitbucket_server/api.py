"""The calls we make to Bitbucket Data Center:
https://developer.atlassian.com/server/bitbucket/rest/v811/intro/"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    NeedsPermission,
    Never,
    Secret,
    StandingHook,
    line,
    lines,
    record,
    records,
)
from idonethis.integrations.kits.servers import own_id

#: https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html
EVENTS = frozenset(("repo:refs_changed", "pr:merged", "pr:deleted"))
#: What a repository is called below the address of its server; that of a person has a tilde.
REPOSITORY = re.compile(
    r"\Aprojects/(?!\.{1,2}/)~?[\w.-]{1,128}/repos/(?!\.{1,2}\Z)[\w.-]{1,128}\Z", re.ASCII
)
#: As many as are shown at once, and how often more are asked for.
FULL, MOST_PAGES = 100, 10


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """No call says who one is, but each answer does, in its headers. An id begins with the name of
    the server that was typed, whatever it says of itself."""
    said = client.get("/repos", params={"permission": "REPO_ADMIN", "limit": 1}).headers
    login, number = unquote(said.get("x-ausername", "")), said.get("x-auserid", "")
    known = _person(client, login)
    number = number or line(known.get("id"))
    return Account(
        uid=own_id(typed["site"], number) if number.isdecimal() else "",
        login=login,
        name=line(known.get("displayName")),
        secrets=dict(typed),
    )


def _person(client: Client, login: str) -> Mapping[str, Any]:
    """Nothing, where the token is that of a project or of a repository: those see no people.
    https://developer.atlassian.com/server/bitbucket/rest/v811/api-group-system-maintenance/"""
    try:
        listed = client.get("/users", params={"filter": login, "limit": FULL}).json
    except NeedsPermission:
        return {}
    people = records(record(listed).get("values"))
    return next((one for one in people if line(one.get("name")).lower() == login.lower()), {})


def repositories(client: Client, site: str, query: str) -> Sequence[Choice]:
    """Those which the person administers: who does not may make no webhook there. Bitbucket looks
    for a part of the name alone, and people also type the project before it.
    https://developer.atlassian.com/server/bitbucket/rest/v811/api-group-repository/"""
    project, _, name = query.casefold().rpartition("/")
    asked = {"permission": "REPO_ADMIN", "name": name}
    found = (_choice(site, each) for each in _paged(client, "/repos", asked))
    return [each for each in found if each.label.casefold().startswith(project)]


def _choice(site: str, repository: Mapping[str, Any]) -> Choice:
    project, slug = line(record(repository.get("project")).get("key")), line(repository.get("slug"))
    name = f"{project}/{slug}"
    return Choice(f"{site}/projects/{project}/repos/{slug}|{name}", name)


def _paged(client: Client, path: str, asked: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Where the next page begins is for the server to say.
    https://developer.atlassian.com/server/bitbucket/rest/v811/intro/#paged-apis"""
    start = "0"
    for _ in range(MOST_PAGES):
        page = record(client.get(path, params={**asked, "limit": FULL, "start": start}).json)
        yield from records(page.get("values"))
        start = line(page.get("nextPageStart"))
        if page.get("isLastPage") is not False or not start:
            return


def create_hook(
    client: Client, repository: str, *, url: str, secret: Secret, remote_id: str
) -> str:
    """https://developer.atlassian.com/server/bitbucket/rest/v811/api-group-repository/"""
    standing = standing_hook(client, repository, url=url, remote_id=remote_id)
    wanted = {
        "name": "I Done This",
        "url": url,
        "events": sorted(EVENTS),
        "configuration": {"secret": str(secret)},
        "active": True,
        "sslVerificationRequired": True,
    }
    if standing:
        client.call("PUT", _one(repository, standing.remote_id), json=wanted)
        return standing.remote_id
    return line(record(client.post(_all(repository), json=wanted).json).get("id"))


def standing_hook(
    client: Client, repository: str, *, url: str, remote_id: str
) -> StandingHook | None:
    listed = map(_facts, _paged(client, _all(repository), {}))
    return StandingHook.among(listed, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    """Bitbucket shows whoever may change a webhook its secret, too."""
    is_signed = bool(record(hook.get("configuration")).get("secret"))
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(hook.get("url")),
        events=frozenset(lines(hook.get("events"))),
        active=hook.get("active") is True,
        sound=is_signed and hook.get("sslVerificationRequired") is not False,
    )


def destroy_hook(client: Client, repository: str, *, url: str, remote_id: str) -> None:
    try:
        standing = standing_hook(client, repository, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(repository, standing.remote_id))
    except Gone:
        return


def _all(repository: str) -> str:
    """Raises Never for what is no repository: nothing else is to be asked for."""
    if not REPOSITORY.match(repository):
        raise Never(f"“{repository[:100]}” is not a repository. Pick one.")
    return f"/{quote(repository, safe='/~')}/webhooks"


def _one(repository: str, hook: str) -> str:
    return f"{_all(repository)}/{quote(hook, safe='')}"
