"""The calls we make to Stripe: https://docs.stripe.com/api

A webhook is an endpoint of the whole account, in live mode or in test mode, as the key is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Again,
    Client,
    Gone,
    MadeHook,
    NeedsPermission,
    Secret,
    StandingHook,
    line,
    lines,
    record,
    records,
)

EVENTS = frozenset(
    (
        "invoice.paid",
        "customer.subscription.created",
        "customer.subscription.updated",
        "charge.succeeded",
    )
)
PATH = "/v1/webhook_endpoints"
#: As many as are shown at once, and how often more are asked for; an account may have sixteen.
FULL, MOST_PAGES = 100, 10


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """A key speaks for a company, and for nobody in it.
    https://docs.stripe.com/api/accounts/retrieve"""
    said = record(client.get("/v1/account").json)
    shown = record(record(said.get("settings")).get("dashboard"))
    name = line(shown.get("display_name")) or line(said.get("id"))
    return Account(uid=line(said.get("id")), name=name, secrets=dict(typed))


def check(client: Client, subject: str) -> None:
    """Raises NeedsPermission for another account than that of the key, whose webhooks must not be
    taken for gone."""
    ours = line(record(client.get("/v1/account").json).get("id"))
    if ours != subject:
        raise NeedsPermission(
            f"{subject} is another account at Stripe than {ours}, which this key is for. Connect "
            "one that is for the same."
        )


def create_hook(
    client: Client, subject: str, *, url: str, secret: Secret, remote_id: str
) -> MadeHook:
    """The secret is told once, when it is made: one whose secret we do not have goes, and another
    one is made. https://docs.stripe.com/api/webhook_endpoints/create"""
    check(client, subject)
    listed = list(_ours(client, url=url, remote_id=remote_id))
    kept = [each for each in listed if secret and line(each.get("id")) == remote_id]
    for each in listed:
        if each not in kept:
            _remove(client, each)
    wanted = {"url": url, "enabled_events[]": sorted(EVENTS), "description": "I Done This"}
    if not kept:
        return _made(client, wanted)
    client.post(_one(kept[0]), form={**wanted, "disabled": "false"})
    return MadeHook(remote_id)


def _made(client: Client, wanted: Mapping[str, Any]) -> MadeHook:
    made = record(client.post(PATH, form=wanted).json)
    secret = line(made.get("secret"))
    if not secret:
        raise Again("Stripe made the webhook, but told no secret. Try again.")
    return MadeHook(line(made.get("id")), Secret(secret))


def standing_hook(client: Client, subject: str, *, url: str, remote_id: str) -> StandingHook | None:
    """https://docs.stripe.com/api/webhook_endpoints/list"""
    check(client, subject)
    listed = _ours(client, url=url, remote_id=remote_id)
    facts = (_facts(each, remote_id=remote_id) for each in listed)
    return StandingHook.among(facts, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any], *, remote_id: str) -> StandingHook:
    """One at our address under another name was made by a call whose answer never came here, and
    nobody knows its secret."""
    name = line(hook.get("id"))
    return StandingHook(
        remote_id=name,
        url=line(hook.get("url")),
        events=frozenset(lines(hook.get("enabled_events"))),
        active=hook.get("status") == "enabled",
        sound=name == remote_id,
    )


def destroy_hook(client: Client, subject: str, *, url: str, remote_id: str) -> None:
    """https://docs.stripe.com/api/webhook_endpoints/delete"""
    check(client, subject)
    for each in list(_ours(client, url=url, remote_id=remote_id)):
        _remove(client, each)


def _remove(client: Client, hook: Mapping[str, Any]) -> None:
    """Somebody may have been quicker."""
    with suppress(Gone):
        client.delete(_one(hook))


def _ours(client: Client, *, url: str, remote_id: str) -> Iterator[Mapping[str, Any]]:
    """Those with this id or this address, on whichever page: https://docs.stripe.com/api/pagination"""
    asked: dict[str, Any] = {"limit": FULL}
    for _ in range(MOST_PAGES):
        page = record(client.get(PATH, params=asked).json)
        listed = records(page.get("data"))
        for each in listed:
            if line(each.get("id")) == remote_id or line(each.get("url")) == url:
                yield each
        if page.get("has_more") is not True or not listed:
            return
        asked["starting_after"] = line(listed[-1].get("id"))


def _one(hook: Mapping[str, Any]) -> str:
    return f"{PATH}/{quote(line(hook.get('id')), safe='')}"
