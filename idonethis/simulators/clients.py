"""The application that asks a simulator for access: us, as the partner registered us."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")
LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Client:
    """Credentials as a partner hands them out, with the redirect addresses it was told.

    A redirect address is good when it has the scheme and host of a registered one and lies at or
    below its path. The port must agree too, except on the loopback interface (RFC 8252, 7.3).
    """

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...] = LOOPBACK
    name: str = "I Done This"

    def owns(self, redirect_uri: str) -> bool:
        return any(covers(urlsplit(known), urlsplit(redirect_uri)) for known in self.redirect_uris)

    def proves(self, client_secret: str) -> bool:
        return hmac.compare_digest(self.client_secret.encode(), client_secret.encode())


def covers(known: SplitResult, given: SplitResult) -> bool:
    same_place = (known.scheme, known.hostname) == (given.scheme, given.hostname)
    same_port = given.hostname in LOOPBACK_HOSTS or known.port == given.port
    return same_place and same_port and lies_below(known.path.rstrip("/"), given.path)


def lies_below(known: str, given: str) -> bool:
    """A path with dots could climb out again in the browser."""
    climbs = any(part in (".", "..") for part in unquote(given).split("/"))
    return not climbs and (given == known or given.startswith(f"{known}/"))
