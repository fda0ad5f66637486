"""The calls we make to Gitea and Forgejo: https://docs.gitea.com/api/"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    Never,
    Secret,
    StandingHook,
    line,
    lines,
    record,
    records,
)
from idonethis.integrations.kits.servers import own_id

EVENTS = frozenset(("push", "issues", "pull_request", "release"))
#: The bare words stand for assignments, labels and comments, too.
#: https://github.com/go-gitea/gitea/blob/main/routers/api/v1/utils/hook.go
ASKED = ("push", "issues_only", "pull_request_only", "release")
REPOSITORY = re.compile(r"\A(?!\.{1,2}/)[\w.-]{1,100}/(?!\.{1,2}\Z)[\w.-]{1,100}\Z", re.ASCII)
#: As many as are shown at once, and how often more are asked for.
FULL, MOST_PAGES = 50, 10


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """An id begins with the name of the server that was typed, whatever it says of itself.
    https://docs.gitea.com/api/#tag/user/operation/userGetCurrent"""
    me = record(client.get("/user").json)
    number = line(me.get("id"))
    return Account(
        uid=own_id(typed["site"], number) if number.isdecimal() else "",
        login=line(me.get("login")),
        name=line(me.get("full_name")),
        secrets=dict(typed),
    )


def repositories(client: Client, site: str, query: str) -> Sequence[Choice]:
    """The person's own and those to which they contribute, with those last in which they may make
    no webhook. https://docs.gitea.com/api/#tag/repository/operation/repoSearch"""
    me = line(record(client.get("/user").json).get("id"))
    asked = {"uid": me, "q": query, "archived": "false", "sort": "updated", "order": "desc"}
    said = record(client.get("/repos/search", params={**asked, "limit": FULL}).json)
    found = [_choice(site, each) for each in records(said.get("data"))]
    return sorted(found, key=lambda choice: bool(choice.barred))


def _choice(site: str, repository: Mapping[str, Any]) -> Choice:
    name = line(repository.get("full_name"))
    is_admin = record(repository.get("permissions")).get("admin") is True
    barred = "" if is_admin else "You do not administer it, so you cannot add a webhook."
    hint = "private" if repository.get("private") is True else ""
    return Choice(f"{site}/{name}|{name}", name, hint, barred)


def create_hook(
    client: Client, repository: str, *, url: str, secret: Secret, remote_id: str
) -> str:
    """https://docs.gitea.com/api/#tag/repository/operation/repoCreateHook"""
    standing = standing_hook(client, repository, url=url, remote_id=remote_id)
    wanted = {
        "config": {"url": url, "content_type": "json", "secret": str(secret)},
        "events": ASKED,
        "branch_filter": "*",
        "active": True,
    }
    if standing:
        client.patch(_one(repository, standing.remote_id), json=wanted)
        return standing.remote_id
    made = client.post(_all(repository), json={"type": "gitea", **wanted})
    return line(record(made.json).get("id"))


def standing_hook(
    client: Client, repository: str, *, url: str, remote_id: str
) -> StandingHook | None:
    return StandingHook.among(_standing(client, repository), url=url, remote_id=remote_id)


def _standing(client: Client, repository: str) -> Iterator[StandingHook]:
    """A server may show fewer at once than it is asked for, and says how many there are.
    https://docs.gitea.com/development/api-usage#pagination"""
    seen = 0
    for page in range(1, MOST_PAGES + 1):
        answer = client.get(_all(repository), params={"limit": FULL, "page": page})
        listed = records(answer.json)
        yield from map(_facts, listed)
        seen, total = seen + len(listed), answer.headers.get("x-total-count", "")
        if not listed or not total.isdecimal() or seen >= int(total):
            return


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    config = record(hook.get("config"))
    is_whole = hook.get("branch_filter") in (None, "", "*")
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(config.get("url")),
        events=frozenset(lines(hook.get("events"))),
        active=hook.get("active") is True,
        sound=config.get("content_type") == "json" and is_whole,
    )


def destroy_hook(client: Client, repository: str, *, url: str, remote_id: str) -> None:
    """https://docs.gitea.com/api/#tag/repository/operation/repoDeleteHook"""
    try:
        standing = standing_hook(client, repository, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(repository, standing.remote_id))
    except Gone:
        return


def path_of(repository: str) -> str:
    """Raises Never for what is no repository: nothing else is to be asked for."""
    if not REPOSITORY.match(repository):
        raise Never(f"“{repository[:100]}” is not a repository. Pick one, as owner/name.")
    return f"/repos/{quote(repository)}"


def _all(repository: str) -> str:
    return f"{path_of(repository)}/hooks"


def _one(repository: str, hook: str) -> str:
    return f"{_all(repository)}/{quote(hook, safe='')}"
