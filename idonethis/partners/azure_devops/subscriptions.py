"""What stands at Azure DevOps for one webhook of ours: a subscription for each kind of event, all
to the same address, with the same password. Together they have one id: theirs, with commas.

https://learn.microsoft.com/azure/devops/service-hooks/create-subscription"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Basic,
    Client,
    Gone,
    Never,
    Secret,
    StandingHook,
    line,
    record,
    records,
)
from idonethis.partners.azure_devops.api import VERSION, check_project

#: With what each of them lets through.
#: https://learn.microsoft.com/azure/devops/service-hooks/events
WANTED: Mapping[str, Mapping[str, str]] = {
    "git.push": {},
    "git.pullrequest.merged": {"mergeResult": "Succeeded"},
    "workitem.updated": {},
    "workitem.deleted": {},
}
EVENTS = frozenset(WANTED)
#: What would let through less.
FILTERS = (
    "repository", "branch", "pushedBy", "areaPath", "workItemType", "tag", "changedFields",
    "pullrequestCreatedBy", "pullrequestReviewersContains",
)  # fmt: skip
#: One of which hooks have not arrived for some hours is tried again by itself.
ACTIVE = ("enabled", "onProbation")
USER = Basic().user
ALL = "/hooks/subscriptions"
ASKED = {"api-version": VERSION}


def create_hook(client: Client, project: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """After a clear no, nothing of a new one stays."""
    ours = _ours(client, url=url, remote_id=remote_id)
    known = {line(each.get("eventType")): line(each.get("id")) for each in ours}
    for each in ours:
        if known.get(line(each.get("eventType"))) != line(each.get("id")) or _is_other(each):
            _remove(client, line(each.get("id")))
    try:
        kept = [
            _kept(client, _subscription(project, name, url, secret), known=known.get(name, ""))
            for name in WANTED
        ]
    except Never:
        if not ours:
            destroy_hook(client, project, url=url, remote_id="")
        raise
    return ",".join(sorted(kept))


def _ours(client: Client, *, url: str, remote_id: str) -> list[Mapping[str, Any]]:
    """https://learn.microsoft.com/rest/api/azure/devops/hooks/subscriptions/list"""
    asked = {**ASKED, "publisherId": "tfs", "consumerId": "webHooks"}
    listed, ids = records(record(client.get(ALL, params=asked).json).get("value")), remote_id
    known = frozenset(filter(None, ids.split(",")))
    return [each for each in listed if line(each.get("id")) in known or _url(each) == url]


def _url(subscription: Mapping[str, Any]) -> str:
    return line(record(subscription.get("consumerInputs")).get("url"))


def _is_other(subscription: Mapping[str, Any]) -> bool:
    return line(subscription.get("eventType")) not in EVENTS


def _subscription(project: str, event: str, url: str, secret: Secret) -> Mapping[str, Any]:
    """https://learn.microsoft.com/azure/devops/service-hooks/consumers#web-hooks"""
    to = {"url": url, "basicAuthUsername": USER, "basicAuthPassword": str(secret)}
    return {
        "publisherId": "tfs",
        "eventType": event,
        "resourceVersion": "1.0",
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "publisherInputs": {"projectId": project, **WANTED[event]},
        "consumerInputs": {**to, "resourceDetailsToSend": "all"},
        "status": "enabled",
    }


def _kept(client: Client, wanted: Mapping[str, Any], *, known: str) -> str:
    """https://learn.microsoft.com/rest/api/azure/devops/hooks/subscriptions/replace-subscription"""
    if known:
        client.call("PUT", _one(known), params=ASKED, json={**wanted, "id": known})
        return known
    return line(record(client.call("POST", ALL, params=ASKED, json=wanted).json).get("id"))


def _one(subscription: str) -> str:
    return f"{ALL}/{quote(subscription, safe='')}"


def standing_hook(client: Client, project: str, *, url: str, remote_id: str) -> StandingHook | None:
    """All of them as one, which is as wrong as the worst of them."""
    check_project(client, project)
    ours = _ours(client, url=url, remote_id=remote_id)
    if not ours:
        return None
    return StandingHook(
        remote_id=",".join(sorted(line(each.get("id")) for each in ours)),
        url=next((_url(each) for each in ours if _url(each) != url), url),
        events=frozenset(line(each.get("eventType")) for each in ours),
        active=all(line(each.get("status")) in ACTIVE for each in ours),
        sound=len(ours) <= len(EVENTS) and all(_is_sound(each, project) for each in ours),
    )


def _is_sound(subscription: Mapping[str, Any], project: str) -> bool:
    """The password is not shown, only that there is one."""
    lets, to = (record(subscription.get(f"{name}Inputs")) for name in ("publisher", "consumer"))
    is_whole = line(lets.get("projectId")) == project and not any(map(lets.get, FILTERS))
    is_told = line(to.get("resourceDetailsToSend") or "all").lower() == "all"
    is_known = line(to.get("basicAuthUsername")) == USER and bool(to.get("basicAuthPassword"))
    return is_whole and is_told and is_known


def destroy_hook(client: Client, project: str, *, url: str, remote_id: str) -> None:
    for each in _ours(client, url=url, remote_id=remote_id):
        _remove(client, line(each.get("id")))


def _remove(client: Client, subscription: str) -> None:
    """https://learn.microsoft.com/rest/api/azure/devops/hooks/subscriptions/delete"""
    try:
        client.call("DELETE", _one(subscription), params=ASKED)
    except Gone:
        return
