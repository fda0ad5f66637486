"""The secret itself, shown by whoever sends. What it comes with is not covered: anybody on the way
could have changed it, so these are for partners that sign in no better way."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from idonethis.integrations.signatures.base import Covers, Refused, Signature
from idonethis.integrations.values import Hook, Secret


def _must_be_one_of(given: str, expected: Sequence[str], *, what: str) -> None:
    """Compares each, whichever fits, and as bytes: text outside ASCII would raise."""
    fitting = [hmac.compare_digest(given.encode(), each.encode()) for each in expected]
    if not any(fitting):
        raise Refused(f"{what} is missing or wrong.")


@dataclass(frozen=True)
class SharedToken(Signature):
    """In a header, with an optional prefix such as ``Bearer ``."""

    header: str
    prefix: str = ""

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        expected = [self.prefix + secret for secret in secrets if secret]
        _must_be_one_of(hook.header(self.header), expected, what=self.header)

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        return {self.header.lower(): self.prefix + secret}

    def carries(self, hook: Hook) -> bool:
        given = hook.header(self.header)
        return bool(given) and given.startswith(self.prefix)


@dataclass(frozen=True)
class Basic(Signature):
    """As the password of ``user``: https://www.rfc-editor.org/rfc/rfc7617"""

    user: str = "idonethis"

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        expected = [self._header(secret) for secret in secrets if secret]
        _must_be_one_of(hook.header("Authorization"), expected, what="Authorization")

    def _header(self, secret: Secret) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{secret}".encode()).decode()

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        return {"authorization": self._header(secret)}

    def carries(self, hook: Hook) -> bool:
        return hook.header("Authorization").startswith("Basic ")

    def brought(self, url: str, secret: Secret) -> Mapping[str, str]:
        return {"User name": self.user, "Password": secret}


@dataclass(frozen=True)
class InAddress(Signature):
    """In the query of the address, for partners that send what they are told to an address and
    nothing else. It is kept out of what is stored and logged here; at the partner, whoever may see
    the address may send."""

    name: str = "key"

    @property
    def covers(self) -> Covers:
        return Covers.NOTHING

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        given = dict(parse_qsl(hook.query[:2000])).get(self.name, "")
        _must_be_one_of(given, [secret for secret in secrets if secret], what=self.name)

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        return {}

    def carries(self, hook: Hook) -> bool:
        return f"{self.name}=" in hook.query

    def address(self, url: str, secret: Secret) -> str:
        return f"{url}?{urlencode({self.name: secret})}"

    def brought(self, url: str, secret: Secret) -> Mapping[str, str]:
        return {"Address with the secret in it": self.address(url, secret)}
