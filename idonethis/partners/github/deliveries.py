"""What GitHub could not deliver: it does not send it again by itself, but when asked.
https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import Answer, Client, FailedDelivery, instant, line, records
from idonethis.partners.github.hooks import ask, hooks_path

#: Of a hundred deliveries each: more than a busy repository sends in the three days that they are
#: kept. https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/viewing-webhook-deliveries
MOST_PAGES = 50
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
NEXT = re.compile(r'<([^<>]+)>; rel="next"')


@dataclass(frozen=True)
class Try:
    """One attempt to deliver. All attempts of one delivery have one GUID."""

    id: str
    guid: str
    event: str
    at: datetime
    arrived: bool

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Try:
        at = instant(said.get("delivered_at")) or LONG_AGO
        arrived = said.get("status") == "OK"
        return cls(
            str(said.get("id")), line(said.get("guid")), line(said.get("event")), at, arrived
        )


def failed(
    client: Client, repository: str, *, remote_id: str, since: datetime
) -> list[FailedDelivery]:
    """Of each delivery that never arrived the newest try; oldest first."""
    tries: dict[str, list[Try]] = {}
    for each in _tried(client, repository, remote_id=remote_id, since=since):
        tries.setdefault(each.guid, []).append(each)
    lost = [same for same in tries.values() if not any(each.arrived for each in same)]
    newest = [(same[0], len(same)) for same in reversed(lost) if same[0].event != "ping"]
    return [FailedDelivery(each.id, each.guid, each.at, count) for each, count in newest]


def _tried(client: Client, repository: str, *, remote_id: str, since: datetime) -> Iterator[Try]:
    """Newest first, as GitHub lists them.
    https://docs.github.com/en/rest/repos/webhooks#list-deliveries-for-a-repository-webhook"""
    page = f"{_path(repository, remote_id)}?per_page=100"
    for _ in range(MOST_PAGES):
        answer = ask(client, "GET", page)
        for each in records(answer.json):
            tried = Try.of(each)
            if tried.at < since:
                return
            yield tried
        page = next_page(answer, client)
        if not page:
            return


def _path(repository: str, remote_id: str) -> str:
    return f"{hooks_path(repository)}/{quote(remote_id, safe='')}/deliveries"


def next_page(answer: Answer, client: Client) -> str:
    """https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api"""
    found = NEXT.search(line(answer.headers.get("link")))
    there = found[1] if found else ""
    return there if there.startswith(f"{client.base_url}/") else ""


def redeliver(client: Client, repository: str, *, remote_id: str, delivery: str) -> None:
    """https://docs.github.com/en/rest/repos/webhooks#redeliver-a-delivery-for-a-repository-webhook"""
    ask(client, "POST", f"{_path(repository, remote_id)}/{quote(delivery, safe='')}/attempts")
