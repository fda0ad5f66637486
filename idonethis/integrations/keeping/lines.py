"""A receipt as a line of the archive: what people may read of it, and nothing that lets in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
import zstandard

from idonethis.integrations import showing
from idonethis.integrations.masking import masked, masked_pairs
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.values import Hook


def lines_of(receipts: Iterable[Receipt]) -> Iterator[bytes]:
    """JSON, one for each, with its line break. What looks like a secret is masked, as on pages."""
    shown = list(receipts)
    links = IntegrationLink.objects.filter(pk__in={each.its_link for each in shown})
    names = dict(links.values_list("pk", "hash_id"))
    for each in shown:
        yield orjson.dumps(_facts(each, names.get(each.its_link, ""))) + b"\n"


def _facts(receipt: Receipt, link: str) -> dict[str, Any]:
    return {
        "receipt": receipt.pk,
        "integration": receipt.integration_type,
        "link": link,
        "delivery": receipt.delivery_key,
        "event": receipt.event,
        "received_at": receipt.received_at.isoformat(),
        "outcome": receipt.outcome,
        "why": receipt.why,
        "entry": receipt.entry,
        "actor": receipt.actor_key,
        "suggestion": receipt.suggestion,
        **_request(receipt),
    }


def _request(receipt: Receipt) -> dict[str, Any]:
    """Nothing, where what is stored is no request: it must not hold up the others."""
    try:
        hook = receipt.hook
    except (zstandard.ZstdError, orjson.JSONDecodeError):
        return {"request": None, "more": None}
    request = {
        "method": hook.method,
        "query": _query(hook),
        "headers": masked_pairs(hook.headers),
        "body": showing.whole(hook),
    }
    return {"request": request, "more": masked(dict(hook.more)) or None}


def _query(hook: Hook) -> str:
    return urlencode(masked_pairs(dict(parse_qsl(hook.query, keep_blank_values=True))))
