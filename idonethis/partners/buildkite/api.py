"""The calls we make to Buildkite: https://buildkite.com/docs/apis/rest-api

Webhooks are notification services of an organization, and tell of all its pipelines."""

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

EVENTS = frozenset(("build.finished",))
SLUG = re.compile(r"\A(?!\.{1,2}\Z)[\w.-]{1,100}\Z", re.ASCII)
#: As many as are shown at once, and how often more are asked for.
FULL, MOST_PAGES = 100, 10
#: Which ends of a build are told of, beside the events.
ENDS = {"build_passed": True, "build_fixed": True, "build_failed": True}


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """https://buildkite.com/docs/apis/rest-api/user

    Hooks name people by the same ids."""
    me = record(client.get("/user").json)
    return Account(uid=line(me.get("id")), name=line(me.get("name")), secrets=dict(typed))


def organizations(client: Client, query: str) -> Sequence[Choice]:
    """https://buildkite.com/docs/apis/rest-api/organizations#list-organizations"""
    listed = records(client.get("/organizations", params={"per_page": FULL}).json)
    named = [(line(each.get("slug")), line(each.get("name"))) for each in listed]
    return [Choice(f"{slug}|{name}", name) for slug, name in named if query.lower() in name.lower()]


def create_hook(
    client: Client, organization: str, *, url: str, secret: Secret, remote_id: str
) -> str:
    """https://buildkite.com/docs/apis/rest-api/organizations/notification-services"""
    standing = standing_hook(client, organization, url=url, remote_id=remote_id)
    wanted = _wanted(url, secret)
    if not standing:
        made = client.post(_all(organization), json={"provider": "webhook", **wanted})
        return line(record(made.json).get("id"))
    client.patch(_one(organization, standing), json=wanted)
    if not standing.active:
        client.call("PUT", f"{_one(organization, standing)}/enable")
    return standing.remote_id


def _wanted(url: str, secret: Secret) -> Mapping[str, Any]:
    return {
        "description": "I Done This",
        "scope": "all",
        "branch_configuration": "",
        "build_states": ENDS,
        "settings": {
            "url": url,
            "token": str(secret),
            "token_mode": "signature",
            "events": sorted(EVENTS),
            "tls_verify": True,
        },
    }


def standing_hook(
    client: Client, organization: str, *, url: str, remote_id: str
) -> StandingHook | None:
    """A service of another kind may send to the same address."""
    hooks = (each for each in _listed(client, organization) if _kind(each) == "webhook")
    return StandingHook.among(map(_facts, hooks), url=url, remote_id=remote_id)


def _listed(client: Client, organization: str) -> Iterator[Mapping[str, Any]]:
    """Where the next page lies is for Buildkite to say."""
    answer = client.get(_all(organization), params={"per_page": FULL})
    for _ in range(MOST_PAGES):
        page = record(answer.json)
        yield from records(page.get("items"))
        following = line(record(page.get("links")).get("next"))
        if not following:
            return
        answer = client.get(following)


def _kind(service: Mapping[str, Any]) -> str:
    return line(record(service.get("provider")).get("id"))


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    settings = record(hook.get("settings"))
    is_whole = hook.get("scope") == "all" and not hook.get("branch_configuration")
    is_signed = settings.get("token_mode") == "signature" and bool(settings.get("token"))
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(settings.get("url")),
        events=frozenset(lines(settings.get("events"))),
        active=hook.get("enabled") is True,
        sound=is_whole and is_signed and settings.get("tls_verify") is True,
    )


def destroy_hook(client: Client, organization: str, *, url: str, remote_id: str) -> None:
    try:
        standing = standing_hook(client, organization, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(organization, standing))
    except Gone:
        return


def _all(organization: str) -> str:
    """Raises Never for what is no slug: nothing else is to be asked for."""
    if not SLUG.match(organization):
        raise Never(f"“{organization[:100]}” is not an organization. Pick one.")
    return f"/organizations/{quote(organization)}/services"


def _one(organization: str, hook: StandingHook) -> str:
    return f"{_all(organization)}/{quote(hook.remote_id, safe='')}"
