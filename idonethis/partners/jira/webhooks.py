"""Webhooks that an app makes at Jira Cloud, for an account at a site. They hold for 30 days, and as
long again whenever we ask for it:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/

An account has one address at a site, however many webhooks lead there. So one webhook tells of all
projects, and its address names the site, by which we know which of them are meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils import timezone

from idonethis.integrations.base import (
    MILLISECONDS,
    Again,
    Client,
    Gone,
    MadeHook,
    Never,
    StandingHook,
    instant,
    line,
    lines,
    record,
    records,
)
from idonethis.partners.jira.api import path

TERM = timedelta(days=30)
EVENTS = frozenset(("jira:issue_created", "jira:issue_updated", "jira:issue_deleted"))
#: In the few words of JQL that webhooks may use; ``IS NOT EMPTY`` is none of them.
EVERY = "project != EMPTY"


def create(client: Client, site: str, *, url: str, remote_id: str) -> MadeHook:
    """The one that stands, for 30 days from now on; else another one."""
    there = standing(client, site, url=url, remote_id=remote_id)
    if there and there.url == url and there.events == EVENTS:
        return MadeHook(there.remote_id, until=_refresh(client, site, there.remote_id))
    return MadeHook(_register(client, site, url), until=timezone.now() + TERM)


def standing(client: Client, site: str, *, url: str, remote_id: str) -> StandingHook | None:
    """Jira lists to an account its own alone.
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/#api-rest-api-3-webhook-get"""
    said = client.get(path(site, "/webhook"), params={"maxResults": 100}).json
    listed = [_facts(each, url, remote_id) for each in records(record(said).get("values"))]
    return StandingHook.among(listed, url=url, remote_id=remote_id)


def _facts(said: Mapping[str, Any], url: str, remote_id: str) -> StandingHook:
    """Not every Jira shows the address; of the one that we know by its id, it cannot change."""
    pk = line(said.get("id"))
    shown = line(said.get("url")).partition("?")[0]
    return StandingHook(
        remote_id=pk,
        url=shown or (url if pk == remote_id else ""),
        events=frozenset(lines(said.get("events"))),
    )


def _refresh(client: Client, site: str, remote_id: str) -> datetime:
    """The end is a number by its schema, and a text in its example.
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/#api-rest-api-3-webhook-refresh-put"""
    asked = {"webhookIds": _numbers(remote_id)}
    said = record(client.call("PUT", path(site, "/webhook/refresh"), json=asked).json)
    until = instant(said.get("expirationDate"), per_second=MILLISECONDS)
    return until or timezone.now() + TERM


def _register(client: Client, site: str, url: str) -> str:
    """What is wrong stands beside what was made, in a 200.
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/#api-rest-api-3-webhook-post"""
    wanted = {"events": sorted(EVENTS), "jqlFilter": EVERY}
    asked = {"url": f"{url}?{urlencode({'site': site})}", "webhooks": [wanted]}
    answer = client.send("POST", path(site, "/webhook"), json=asked)
    if answer.status != 400:
        client.judge(answer, "/webhook")
    made = next(iter(records(record(answer.json).get("webhookRegistrationResult"))), {})
    name = line(made.get("createdWebhookId"))
    if not name:
        raise _refused("; ".join(_errors({**record(answer.json), **made})), url)
    return name


def _errors(said: Mapping[str, Any]) -> Iterator[str]:
    for name in ("errors", "errorMessages"):
        yield from lines(said.get(name))


def _refused(why: str, url: str) -> Again | Never:
    if "single url" in why.lower():
        return Again(
            f"Jira sends to one address for each account and site, and still has another one of "
            f"this server ({why}). That goes as soon as its link has been removed, after 30 days "
            "at the latest. Nothing was changed. Try again in a minute."
        )
    return Never(
        f"Jira refused the webhook ({why or 'no reason given'}). It takes only https addresses "
        f"that it can reach from the internet, and this server is {urlsplit(url).netloc}; and no "
        "more than five webhooks for each account and site."
    )


def destroy(client: Client, site: str, *, url: str, remote_id: str) -> None:
    """By its id alone, where that is known: another one may have the same address. Jira takes what
    is gone already, or another account's, for removed.
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/#api-rest-api-3-webhook-delete"""
    try:
        ours = _numbers(remote_id) or _at(client, site, url)
        if ours:
            client.call("DELETE", path(site, "/webhook"), json={"webhookIds": ours})
    except Gone:
        return


def _at(client: Client, site: str, url: str) -> list[int]:
    there = standing(client, site, url=url, remote_id="")
    return _numbers(there.remote_id) if there else []


def _numbers(remote_id: str) -> list[int]:
    return [int(remote_id)] if remote_id.isdecimal() else []
