"""The calls we make to Jira Data Center: https://developer.atlassian.com/server/jira/platform/rest/

Webhooks are of the whole server, so one takes an administrator, and a filter narrows it down to the
project: https://developer.atlassian.com/server/jira/platform/webhooks/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Never,
    Secret,
    StandingHook,
    line,
    lines,
    record,
    records,
)

EVENTS = frozenset(("jira:issue_created", "jira:issue_updated", "jira:issue_deleted"))
REST, HOOKS = "/rest/api/2", "/rest/jira-webhook/1.0/webhooks"
#: The first that signs what it sends, and has webhooks at this address.
FIRST = 10
#: As many as are asked for at once, and how often more are asked for.
FULL, MOST_PAGES = 100, 10


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """An id begins with the name of the server that was typed, whatever it says of itself."""
    me = record(client.get(f"{REST}/myself").json)
    key = line(me.get("key"))
    return Account(
        uid=named(typed["site"], key) if key else "",
        login=line(me.get("name")),
        name=line(me.get("displayName")),
        secrets=dict(typed),
    )


def named(site: str, key: str) -> str:
    """Two servers may call their people alike."""
    return f"{site.partition('://')[2]}/{key}"


def projects(client: Client, site: str, query: str) -> Sequence[Choice]:
    listed = records(client.get(f"{REST}/project").json)
    found = (_choice(site, each) for each in listed)
    return [each for each in found if query.casefold() in each.label.casefold()]


def _choice(site: str, project: Mapping[str, Any]) -> Choice:
    name = f"{line(project.get('name'))} ({line(project.get('key'))})"
    return Choice(f"{site}/{line(project.get('id'))}|{name}"[:600], name)


def check_version(client: Client) -> None:
    """Raises Never for one that cannot sign: nothing of that is taken."""
    said = record(client.get(f"{REST}/serverInfo").json)
    version, numbers = line(said.get("version")), said.get("versionNumbers")
    first = numbers[0] if isinstance(numbers, list) and numbers else 0
    if not isinstance(first, int) or first < FIRST:
        raise Never(
            f"This is Jira {version or 'of an unknown version'}. Only from {FIRST}.0 on it signs "
            "what its webhooks send, and nothing else is taken. Nothing was linked. Update it."
        )


def create_hook(client: Client, project: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """The secret stands in the configuration; elsewhere it would be passed over in silence."""
    standing = standing_hook(client, project, url=url, remote_id=remote_id)
    wanted = {
        "name": "I Done This",
        "url": url,
        "events": sorted(EVENTS),
        "filters": {"issue-related-events-section": f"project = {project}"},
        "configuration": {"SECRET": str(secret), "EXCLUDE_BODY": "false"},
        "sslVerificationRequired": True,
        "scopeType": "global",
        "active": True,
    }
    if standing:
        there = {**wanted, "id": int(standing.remote_id)}
        client.call("PUT", _one(standing.remote_id), json=there)
        return standing.remote_id
    return line(record(client.post(HOOKS, json=wanted).json).get("id"))


def standing_hook(client: Client, project: str, *, url: str, remote_id: str) -> StandingHook | None:
    """Raises Gone for a project that is no longer there."""
    client.get(f"{REST}/project/{_number(project)}")
    return StandingHook.among(_listed(client), url=url, remote_id=remote_id)


def _listed(client: Client) -> Iterator[StandingHook]:
    """No page says how many there are, nor whether a server heeds where one begins."""
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        asked = {"start": len(seen), "limit": FULL}
        fresh = [
            each
            for each in map(_facts, records(client.get(HOOKS, params=asked).json))
            if each.remote_id not in seen
        ]
        yield from fresh
        seen |= {each.remote_id for each in fresh}
        if not fresh:
            return


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    is_whole = record(hook.get("configuration")).get("EXCLUDE_BODY") not in (True, "true")
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(hook.get("url")),
        events=frozenset(lines(hook.get("events"))),
        active=hook.get("active") is True,
        sound=is_whole and hook.get("sslVerificationRequired") is not False,
    )


def destroy_hook(client: Client, project: str, *, url: str, remote_id: str) -> None:
    """Also where its project is gone already."""
    _number(project)
    found = StandingHook.among(_listed(client), url=url, remote_id=remote_id)
    if found:
        client.delete(_one(found.remote_id))


def _one(name: str) -> str:
    return f"{HOOKS}/{_number(name)}"


def _number(name: str) -> str:
    """Raises Never for what is none: nothing else is to be asked for."""
    if not (name.isascii() and name.isdecimal()):
        raise Never(f"“{name[:100]}” is not a project. Pick one.")
    return name
