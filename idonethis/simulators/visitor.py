"""A person at a pretend partner, for demonstrations and tests: says yes, presses buttons."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

# A context without certificates: simulators speak plain http, and reading certificates for each
# call takes longer than the call.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def consent(authorize_url: str, account: str, *, decision: str = "authorize") -> dict[str, str]:
    """What the partner sends back with the browser: code and state, or error and state."""
    form = {"account": account, "decision": decision}
    answer = httpx.post(authorize_url, data=form, timeout=10, verify=PLAIN)
    query = parse_qs(urlsplit(answer.headers.get("location", "")).query)
    return {name: values[0] for name, values in query.items()}


def act(url: str, action: str, /, **values: Any) -> dict[str, Any]:
    """One call of the control API of the simulator at this address; what it says it did."""
    answer = httpx.post(f"{url}/_control/{action}", json=values, timeout=30, verify=PLAIN)
    answer.raise_for_status()
    done: dict[str, Any] = answer.json()
    return done


def read(url: str, name: str) -> Any:
    """What the control API shows under that name: the journal, the faults, ..."""
    return httpx.get(f"{url}/_control/{name}", timeout=10, verify=PLAIN).json()
