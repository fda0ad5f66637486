"""The secret itself, shown by whoever sends. What it comes with is not covered: anybody on the way
could have changed it, so these are for partners that sign in no better way."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from idonethis.integrations.shapes import record, records
from idonethis.integrations.signatures.base import Covers, Refused, Signature
from idonethis.integrations.values import Hook, Secret, Unreadable


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


@dataclass(frozen=True)
class InBody(Signature):
    """In a field of the body, JSON or a form; or of each thing in the list that the body has under
    the name ``each``. It is taken out of what is stored here."""

    field: str
    each: str = ""

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        known = [secret for secret in secrets if secret]
        for given in self._given(hook) or [None]:
            _must_be_one_of(given if isinstance(given, str) else "", known, what=self.field)

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        return {}

    def stamped(self, hook: Hook, secret: Secret) -> Hook:
        fields = self._fields(hook)
        if fields and self.each and not records(fields.get(self.each)):
            fields = {**fields, self.each: [{}]}
        shown = self._with(fields, {self.field: str(secret)})
        return self._holding(hook, shown) if fields else hook

    def carries(self, hook: Hook) -> bool:
        return any(given is not None for given in self._given(hook))

    def without_secret(self, hook: Hook) -> Hook:
        return (
            self._holding(hook, self._with(self._fields(hook), {})) if self.carries(hook) else hook
        )

    def _given(self, hook: Hook) -> list[Any]:
        """What stands where the secret should; None, where nothing does."""
        fields = self._fields(hook)
        carriers = records(fields.get(self.each)) if self.each else [fields]
        return [each.get(self.field) for each in carriers]

    def _with(self, fields: Mapping[str, Any], secret: Mapping[str, str]) -> dict[str, Any]:
        """With this in place of what stands there."""
        if not self.each:
            kept = {name: value for name, value in fields.items() if name != self.field}
            return {**kept, **secret}
        inner = InBody(self.field)
        return {
            **fields,
            self.each: [inner._with(e, secret) for e in records(fields.get(self.each))],
        }

    def _fields(self, hook: Hook) -> Mapping[str, Any]:
        """None at all, where it is neither."""
        try:
            return hook.form if hook.is_form else record(hook.json)
        except Unreadable:
            return {}

    def _holding(self, hook: Hook, fields: Mapping[str, Any]) -> Hook:
        body = urlencode(fields).encode() if hook.is_form else orjson.dumps(fields)
        return replace(hook, body=body)
