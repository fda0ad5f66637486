"""The calls we make to CircleCI: https://circleci.com/docs/api/v2/

A link names its project by the slug; webhooks are of its id. There is no list of all projects: we
offer those that were built last, and find any other by its slug."""

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

EVENTS = frozenset(("workflow-completed", "job-completed"))
PART = r"(?!\.{1,2}(?:/|\Z))[\w.-]{1,100}"
SLUG = re.compile(rf"\A[a-z]{{2,20}}/{PART}/{PART}\Z", re.ASCII)
#: Of a project in an organisation of CircleCI's own: ids, where others have names.
OWN = "circleci/"
#: Of how many organisations projects are offered.
MOST_ORGANISATIONS = 5


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """https://circleci.com/docs/api/v2/#tag/User/operation/getCurrentUser

    Hooks name people by the same ids."""
    me = record(client.get("/me").json)
    return Account(
        uid=line(me.get("id")),
        login=line(me.get("login")),
        name=line(me.get("name")),
        secrets={"token": typed["token"]},
    )


def projects(client: Client, query: str) -> Sequence[Choice]:
    """The one with this slug, else those that were built last and have the query in their names."""
    if SLUG.match(query):
        return _found(client, query)
    slugs = dict.fromkeys(
        slug for name in _organisations(client) for slug in _built_lately(client, name)
    )
    offered = [_choice(client, slug) for slug in slugs]
    return [choice for choice in offered if query.lower() in choice.label.lower()]


def _found(client: Client, slug: str) -> list[Choice]:
    try:
        return [_named(project(client, slug))]
    except Gone:
        return []


def _organisations(client: Client) -> list[str]:
    """https://circleci.com/docs/api/v2/#tag/User/operation/getCollaborations"""
    listed = records(client.get("/me/collaborations").json)
    return [slug for each in listed if (slug := line(each.get("slug")))][:MOST_ORGANISATIONS]


def _built_lately(client: Client, organisation: str) -> Iterator[str]:
    """https://circleci.com/docs/api/v2/#tag/Pipeline/operation/listPipelines"""
    said = record(client.get("/pipeline", params={"org-slug": organisation}).json)
    slugs = (line(each.get("project_slug")) for each in records(said.get("items")))
    yield from (slug for slug in slugs if SLUG.match(slug))


def _choice(client: Client, slug: str) -> Choice:
    if slug.startswith(OWN):
        return _named(project(client, slug))
    return Choice(f"{slug}|{slug.partition('/')[2]}", slug.partition("/")[2])


def _named(found: Mapping[str, Any]) -> Choice:
    name = f"{line(found.get('organization_name'))}/{line(found.get('name'))}"
    return Choice(f"{line(found.get('slug'))}|{name}", name)


def project(client: Client, slug: str) -> Mapping[str, Any]:
    """https://circleci.com/docs/api/v2/#tag/Project/operation/getProjectBySlug

    Raises Never for what is no slug: nothing else is to be asked for."""
    if not SLUG.match(slug):
        raise Never(f"“{slug[:100]}” is no slug of a project. Type it as in gh/analytical/engine.")
    return record(client.get(f"/project/{quote(slug)}").json)


def create_hook(client: Client, slug: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """https://circleci.com/docs/api/v2/#tag/Webhook/operation/createWebhook"""
    pk = _id(client, slug)
    standing = _standing(client, pk, url=url, remote_id=remote_id)
    wanted = {
        "name": "I Done This",
        "events": sorted(EVENTS),
        "url": url,
        "verify-tls": True,
        "signing-secret": str(secret),
    }
    if standing:
        client.call("PUT", _one(standing), json=wanted)
        return standing.remote_id
    made = client.post("/webhook", json={**wanted, "scope": {"id": pk, "type": "project"}})
    return line(record(made.json).get("id"))


def _id(client: Client, slug: str) -> str:
    return line(project(client, slug).get("id"))


def standing_hook(client: Client, slug: str, *, url: str, remote_id: str) -> StandingHook | None:
    return _standing(client, _id(client, slug), url=url, remote_id=remote_id)


def _standing(client: Client, pk: str, *, url: str, remote_id: str) -> StandingHook | None:
    """https://circleci.com/docs/api/v2/#tag/Webhook/operation/getWebhooks

    No project has more than five: https://circleci.com/docs/outbound-webhooks"""
    said = record(client.get("/webhook", params={"scope-id": pk, "scope-type": "project"}).json)
    listed = map(_facts, records(said.get("items")))
    return StandingHook.among(listed, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(hook.get("url")),
        events=frozenset(lines(hook.get("events"))),
        sound=hook.get("verify-tls") is True,
    )


def destroy_hook(client: Client, slug: str, *, url: str, remote_id: str) -> None:
    """https://circleci.com/docs/api/v2/#tag/Webhook/operation/deleteWebhook"""
    try:
        standing = standing_hook(client, slug, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(standing))
    except Gone:
        return


def _one(hook: StandingHook) -> str:
    return f"/webhook/{quote(hook.remote_id, safe='')}"
