"""The calls we make to PagerDuty: https://developer.pagerduty.com/api-reference/

What is linked is named by the account, as its host, and after a slash by the service, where it is
not all of them: ``engines.pagerduty.com/PMILL``. Of two accounts, neither is told of the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from idonethis.integrations.base import (
    Account,
    Again,
    Choice,
    Client,
    NeedsPermission,
    line,
    record,
    records,
)

#: As many as are shown at once: https://developer.pagerduty.com/docs/pagination
FULL = 100


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """Of a user's own key, the user; a key of the account is no user's, which is answered with 400,
    and speaks for the account."""
    answer = client.send("GET", "/users/me")
    if answer.status == 400:
        home = site(client)
        return Account(uid=home, login=home, name=home, secrets=dict(typed))
    client.judge(answer, "/users/me")
    me = record(record(answer.json).get("user"))
    return Account(uid=line(me.get("id")), name=line(me.get("name")), secrets=dict(typed))


def site(client: Client) -> str:
    """The host of the account whose key this is. Raises Again where it is not told."""
    listed = records(record(client.get("/users", params={"limit": 1}).json).get("users"))
    found = urlsplit(line(listed[0].get("html_url"))).netloc if listed else ""
    if not found:
        raise Again("PagerDuty did not say whose account this is.")
    return found


def places(client: Client, query: str) -> Sequence[Choice]:
    """The whole account, and the services whose name has the query in it, as many as are shown at
    once."""
    home, asked = site(client), {"query": query, "limit": FULL, "sort_by": "name"}
    whole = f"All services of {home}"
    found = records(record(client.get("/services", params=asked).json).get("services"))
    first = [Choice(f"{home}|{whole}", whole)] if query.lower() in whole.lower() else []
    return first + [_choice(home, each) for each in found]


def _choice(home: str, service: Mapping[str, Any]) -> Choice:
    name = line(service.get("name"))
    return Choice(f"{home}/{line(service.get('id'))}|{name}", name)


def scope(client: Client, subject: str) -> Mapping[str, str]:
    """Whose incidents a webhook is about. Raises NeedsPermission for those of another account, and
    Gone for a service that is no longer there."""
    service = own(client, subject)
    if not service:
        return {"type": "account_reference"}
    client.get(f"/services/{quote(service, safe='')}")
    return {"id": service, "type": "service_reference"}


def own(client: Client, subject: str) -> str:
    """The service in it; empty for all of them."""
    home, _, service = subject.partition("/")
    if (ours := site(client)) != home:
        raise NeedsPermission(
            f"{home} is another account at PagerDuty than {ours}, which this key is for. Connect "
            "one that is for the same."
        )
    return service
