"""The calls we make to Taiga: https://docs.taiga.io/api.html

A person is let in by their password alone, which gets a token for a day or so, and another one that
gets the next pair, once. Webhooks are of a project, whose administrators make them; to others Taiga
shows a list without any. A project is named by its slug, which nobody changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Again,
    Choice,
    Client,
    Gone,
    NeedsPermission,
    Never,
    Secret,
    StandingHook,
    line,
    record,
    records,
)
from idonethis.integrations.kits.servers import own_id

#: What a project is called below the address of its server.
PROJECT = re.compile(r"\Aproject/(?!\.{1,2}\Z)[\w.-]{1,250}\Z", re.ASCII)
NOT_AN_ADMIN = "You do not administer it, so you cannot add a webhook."


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """The password ends here. https://docs.taiga.io/api.html#auth-normal-login"""
    login = {"type": "normal", "username": typed["username"], "password": typed["password"]}
    answer = client.send("POST", "/auth", json=login)
    if answer.status in (400, 401):
        raise Never("Taiga does not know this user name with this password.")
    client.judge(answer, "/auth")
    me = record(answer.json)
    number = line(me.get("id"))
    return Account(
        uid=own_id(typed["site"], number) if number.isdecimal() else "",
        login=line(me.get("username")),
        name=line(me.get("full_name")),
        secrets={"site": typed["site"], **_tokens(me)},
    )


def prolonged(client: Client, refresh_token: str) -> Mapping[str, Any]:
    """https://docs.taiga.io/api.html#auth-refresh"""
    return _tokens(record(client.post("/auth/refresh", json={"refresh": refresh_token}).json))


def _tokens(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """A Taiga before version 6.4 gives a token without an end, and nothing to renew it."""
    access, refresh = line(said.get("auth_token")), line(said.get("refresh"))
    if not access:
        raise Again("Taiga did not give a token.")
    return {"access_token": access, **({"refresh_token": refresh} if refresh else {})}


def projects(client: Client, site: str, query: str) -> Sequence[Choice]:
    """Those in which the person is, with those last in which they may make no webhook.
    https://docs.taiga.io/api.html#projects-list"""
    me = line(record(client.get("/users/me").json).get("id"))
    found = [_choice(site, each) for each in records(_of(client, "/projects", member=me))]
    matching = [choice for choice in found if query.casefold() in choice.label.casefold()]
    return sorted(matching, key=lambda choice: bool(choice.barred))


def _of(client: Client, path: str, **asked: str) -> Any:
    return client.get(path, params=asked).json


def _choice(site: str, project: Mapping[str, Any]) -> Choice:
    name = line(project.get("name"))
    barred = "" if project.get("i_am_admin") is True else NOT_AN_ADMIN
    hint = "private" if project.get("is_private") is True else ""
    return Choice(f"{site}/project/{line(project.get('slug'))}|{name}", name, hint, barred)


def administered(client: Client, project: str) -> str:
    """Its id. Raises NeedsPermission for who does not administer it: Taiga would tell them that
    there are no webhooks. https://docs.taiga.io/api.html#projects-get-by-slug"""
    if not PROJECT.match(project):
        raise Never(f"“{project[:100]}” is not a project. Pick one.")
    found = record(_of(client, "/projects/by_slug", slug=project.removeprefix("project/")))
    if found.get("i_am_admin") is not True:
        raise NeedsPermission(
            f"Taiga shows the webhooks of {line(found.get('name')) or project} to its "
            "administrators alone, and this account is none."
        )
    return line(found.get("id"))


def create_hook(client: Client, project: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """https://docs.taiga.io/api.html#webhooks-create"""
    pk = administered(client, project)
    standing = _standing(client, pk, url=url, remote_id=remote_id)
    wanted = {"name": "I Done This", "url": url, "key": str(secret)}
    if standing:
        client.patch(_one(standing), json=wanted)
        return standing.remote_id
    made = client.post("/webhooks", json={"project": int(pk), **wanted})
    return line(record(made.json).get("id"))


def standing_hook(client: Client, project: str, *, url: str, remote_id: str) -> StandingHook | None:
    return _standing(client, administered(client, project), url=url, remote_id=remote_id)


def _standing(client: Client, pk: str, *, url: str, remote_id: str) -> StandingHook | None:
    """https://docs.taiga.io/api.html#webhooks-list"""
    listed = map(_facts, records(_of(client, "/webhooks", project=pk)))
    return StandingHook.among(listed, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    """Taiga shows administrators the key, too."""
    return StandingHook(
        remote_id=line(hook.get("id")), url=line(hook.get("url")), sound=bool(hook.get("key"))
    )


def destroy_hook(client: Client, project: str, *, url: str, remote_id: str) -> None:
    """https://docs.taiga.io/api.html#webhooks-delete"""
    try:
        standing = standing_hook(client, project, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(standing))
    except Gone:
        return


def _one(hook: StandingHook) -> str:
    return f"/webhooks/{quote(hook.remote_id, safe='')}"
