"""How partners sign their hooks, declared as data. The only place that compares signatures."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from idonethis.integrations.values import Hook, Secret


class Refused(Exception):
    """The hook is not from whom it claims to be. The message is for our log, not the sender's."""


class TooOld(Refused):
    """It is genuine, but was signed at another time: sent again by somebody, or by a clock that is
    wrong."""


class Signature(Protocol):
    """Checks that a hook is genuine.

    ``secrets``: those that are valid now, newest first; none means refused. Raises Refused, and
    TooOld where that is all that is wrong."""

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None: ...

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        """The headers that a genuine sender would add; for tests and simulators of our own."""
        ...


@dataclass(frozen=True)
class Hmac:
    """``prefix + hex(HMAC(algorithm, secret, template))`` in a header.

    ``template`` is the signed text, with ``{body}`` and, where the partner sends one in
    ``timestamp_header`` (seconds since 1970), ``{timestamp}``, no older or newer than
    ``tolerance``."""

    header: str
    prefix: str = ""
    algorithm: str = "sha256"
    template: str = "{body}"
    timestamp_header: str = ""
    tolerance: timedelta = timedelta(minutes=5)

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        given = hook.header(self.header).encode()
        # Compared as bytes: text outside ASCII would make compare_digest raise.
        genuine = [hmac.compare_digest(given, self._expected(hook, s)) for s in secrets if s]
        if not any(genuine):
            raise Refused(f"{self.header} is missing or wrong.")
        if self.timestamp_header:
            self._check_age(hook)

    def _check_age(self, hook: Hook) -> None:
        given = hook.header(self.timestamp_header)
        if not re.fullmatch(r"[0-9]{1,12}", given):
            raise Refused(f"{self.timestamp_header} is missing or not a number.")
        age = abs(hook.received_at.timestamp() - int(given))
        if age > self.tolerance.total_seconds():
            raise TooOld(f"{self.timestamp_header} is {age:.0f} seconds away from now.")

    def _expected(self, hook: Hook, secret: Secret) -> bytes:
        digest = hmac.digest(secret.encode(), self._signed_text(hook), self.algorithm)
        return self.prefix.encode() + digest.hex().encode()

    def _signed_text(self, hook: Hook) -> bytes:
        if self.template == "{body}":
            return hook.body
        timestamp = hook.header(self.timestamp_header)
        before, _, after = self.template.replace("{timestamp}", timestamp).partition("{body}")
        return before.encode() + hook.body + after.encode()

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        stamp = {self.timestamp_header.lower(): str(int(hook.received_at.timestamp()))}
        headers = stamp if self.timestamp_header else {}
        stamped = Hook(hook.body, {**hook.headers, **headers})
        return {**headers, self.header.lower(): self._expected(stamped, secret).decode()}


@dataclass(frozen=True)
class SharedToken:
    """The secret itself in a header, with an optional prefix such as ``Bearer ``."""

    header: str
    prefix: str = ""

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        given = hook.header(self.header).encode()
        expected = [(self.prefix + secret).encode() for secret in secrets if secret]
        if not any([hmac.compare_digest(given, each) for each in expected]):
            raise Refused(f"{self.header} is missing or wrong.")

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        return {self.header.lower(): self.prefix + secret}


@dataclass(frozen=True)
class AnyOf:
    """Several ways to sign; a hook must pass the first one whose header it carries."""

    ways: tuple[Hmac | SharedToken, ...]

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        for way in self.ways:
            if hook.header(way.header):
                return way.check(hook, secrets)
        raise Refused("No signature.")

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        return self.ways[0].sign(hook, secret)


def fingerprint(body: bytes) -> str:
    """A key for a hook that brings none of its own: the same bytes, the same key."""
    return hashlib.sha256(body).hexdigest()
