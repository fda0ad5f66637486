"""The webhooks that we make at PagerDuty: https://developer.pagerduty.com/docs/webhooks-overview"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Again,
    Client,
    Gone,
    MadeHook,
    Secret,
    StandingHook,
    line,
    lines,
    record,
    records,
)
from idonethis.partners.pagerduty.api import FULL, own, scope

EVENTS = frozenset(("incident.triggered", "incident.resolved", "incident.reopened"))
#: Of no more than so many is told: https://developer.pagerduty.com/docs/pagination
MOST = 10_000


def create_hook(
    client: Client, subject: str, *, url: str, secret: Secret, remote_id: str
) -> MadeHook:
    """The secret is told once, when it is made, and the address is not changed afterwards: so one
    whose secret we do not have, or which sends elsewhere, goes, and another one is made.
    https://developer.pagerduty.com/api-reference/b3A6MjkyNDc4NA-create-a-webhook-subscription"""
    about, listed = scope(client, subject), list(_ours(client, url=url, remote_id=remote_id))
    kept = [each for each in listed if secret and _is_told(each, url=url, remote_id=remote_id)]
    for each in listed:
        if each not in kept:
            _remove(client, each)
    wanted = {
        "type": "webhook_subscription",
        "description": "I Done This",
        "events": sorted(EVENTS),
        "filter": about,
    }
    return _put_right(client, kept[0], wanted) if kept else _made(client, url, wanted)


def _is_told(hook: Mapping[str, Any], *, url: str, remote_id: str) -> bool:
    """Whether it is the one whose secret we were told, and still comes here."""
    return line(hook.get("id")) == remote_id and _address(hook) == url


def _put_right(client: Client, hook: Mapping[str, Any], wanted: Mapping[str, Any]) -> MadeHook:
    """What was refused three times in a row is switched off, and takes a call of its own.
    https://developer.pagerduty.com/docs/webhooks-behavior#temporary-disablement"""
    client.call("PUT", _one(hook), json={"webhook_subscription": {**wanted, "active": True}})
    if _is_switched_off(hook):
        client.post(f"{_one(hook)}/enable")
    return MadeHook(line(hook.get("id")))


def _made(client: Client, url: str, wanted: Mapping[str, Any]) -> MadeHook:
    delivery = {"type": "http_delivery_method", "url": url}
    asked = {"webhook_subscription": {**wanted, "delivery_method": delivery}}
    said = record(client.post("/webhook_subscriptions", json=asked).json)
    made = record(said.get("webhook_subscription"))
    secret = line(record(made.get("delivery_method")).get("secret"))
    if not secret:
        raise Again("PagerDuty made the webhook, but told no secret. Try again.")
    return MadeHook(line(made.get("id")), Secret(secret))


def standing_hook(client: Client, subject: str, *, url: str, remote_id: str) -> StandingHook | None:
    """One at our address under another name was made by a call whose answer never came here, and
    nobody knows its secret."""
    about, listed = scope(client, subject), _ours(client, url=url, remote_id=remote_id)
    facts = (_facts(each, about, remote_id=remote_id) for each in listed)
    return StandingHook.among(facts, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any], about: Mapping[str, str], *, remote_id: str) -> StandingHook:
    name, said = line(hook.get("id")), record(hook.get("filter"))
    is_about = {key: said[key] for key in ("type", "id") if said.get(key)} == about
    return StandingHook(
        remote_id=name,
        url=_address(hook),
        events=frozenset(lines(hook.get("events"))),
        active=hook.get("active") is not False and not _is_switched_off(hook),
        sound=is_about and name == remote_id,
    )


def destroy_hook(client: Client, subject: str, *, url: str, remote_id: str) -> None:
    """Also where its service is gone already."""
    own(client, subject)
    for each in list(_ours(client, url=url, remote_id=remote_id)):
        _remove(client, each)


def _remove(client: Client, hook: Mapping[str, Any]) -> None:
    """Somebody may have been quicker."""
    with suppress(Gone):
        client.delete(_one(hook))


def _ours(client: Client, *, url: str, remote_id: str) -> Iterator[Mapping[str, Any]]:
    """Those with this id or this address, on whichever page."""
    for offset in range(0, MOST, FULL):
        asked = {"limit": FULL, "offset": offset}
        page = record(client.get("/webhook_subscriptions", params=asked).json)
        for each in records(page.get("webhook_subscriptions")):
            if line(each.get("id")) == remote_id or _address(each) == url:
                yield each
        if page.get("more") is not True:
            return


def _address(hook: Mapping[str, Any]) -> str:
    return line(record(hook.get("delivery_method")).get("url"))


def _is_switched_off(hook: Mapping[str, Any]) -> bool:
    return record(hook.get("delivery_method")).get("temporarily_disabled") is True


def _one(hook: Mapping[str, Any]) -> str:
    return f"/webhook_subscriptions/{quote(line(hook.get('id')), safe='')}"
