"""The webhooks that we make at Zendesk, which are of the whole account:
https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/

They subscribe to events, so that it takes no triggers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Again,
    Client,
    MadeHook,
    Secret,
    StandingHook,
    line,
    lines,
    record,
    records,
)
from idonethis.partners.zendesk.api import stay_at

#: https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events
EVENTS = frozenset(
    ("zen:event-type:ticket.status_changed", "zen:event-type:ticket.subject_changed")
)
PATH = "/api/v2/webhooks"
#: As many as are shown at once, and how often more are asked for.
FULL, MOST_PAGES = 100, 10


def create_hook(client: Client, site: str, *, url: str, secret: Secret, remote_id: str) -> MadeHook:
    """Zendesk makes the secret, and shows it whenever it is asked."""
    standing = standing_hook(client, site, url=url, remote_id=remote_id)
    wanted = {
        "name": "I Done This",
        "endpoint": url,
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": sorted(EVENTS),
    }
    if standing:
        client.patch(_one(standing.remote_id), json={"webhook": wanted})
        return MadeHook(standing.remote_id, _secret(client, standing.remote_id))
    made = record(record(client.post(PATH, json={"webhook": wanted}).json).get("webhook"))
    return MadeHook(line(made.get("id")), _secret(client, line(made.get("id"))))


def _secret(client: Client, name: str) -> Secret:
    said = record(client.get(f"{_one(name)}/signing_secret").json)
    found = line(record(said.get("signing_secret")).get("secret"))
    if not found:
        raise Again("Zendesk did not show the secret of the webhook.")
    return Secret(found)


def standing_hook(client: Client, site: str, *, url: str, remote_id: str) -> StandingHook | None:
    stay_at(client, site)
    facts = (_facts(each, remote_id=remote_id) for each in _listed(client))
    return StandingHook.among(facts, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any], *, remote_id: str) -> StandingHook:
    """One at our address under another name was made by a call whose answer never came here, so
    that its secret is not known yet."""
    name, is_json = line(hook.get("id")), hook.get("request_format") == "json"
    return StandingHook(
        remote_id=name,
        url=line(hook.get("endpoint")),
        events=frozenset(lines(hook.get("subscriptions"))),
        active=hook.get("status") == "active",
        sound=is_json and hook.get("http_method") == "POST" and name == remote_id,
    )


def _listed(client: Client) -> Iterator[Mapping[str, Any]]:
    """https://developer.zendesk.com/api-reference/introduction/pagination/#using-cursor-pagination"""
    asked: dict[str, Any] = {"page[size]": FULL}
    for _ in range(MOST_PAGES):
        page = record(client.get(PATH, params=asked).json)
        yield from records(page.get("webhooks"))
        meta = record(page.get("meta"))
        asked["page[after]"] = line(meta.get("after_cursor"))
        if meta.get("has_more") is not True or not asked["page[after]"]:
            return


def destroy_hook(client: Client, site: str, *, url: str, remote_id: str) -> None:
    standing = standing_hook(client, site, url=url, remote_id=remote_id)
    if standing:
        client.delete(_one(standing.remote_id))


def _one(name: str) -> str:
    return f"{PATH}/{quote(name, safe='')}"
