"""Tokens that a sender signs with keys of its own, whose other halves it publishes and replaces as
it likes: https://www.rfc-editor.org/rfc/rfc7517 (JSON Web Key)

Such a token proves who sends, and not what: the body is not covered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, RSAKey

from idonethis.integrations.shapes import line, record, records
from idonethis.integrations.signatures.base import Refused, Signature, UnknownKey
from idonethis.integrations.signatures.jwts import LIFETIME
from idonethis.integrations.values import Hook, Secret

#: Only this one: a token may not say itself how it is to be believed.
ALGORITHM = "RS256"
#: By so much a sender's clock may be wrong, in seconds.
LEEWAY = 300
#: A sender has two or three keys at a time; a key shorter than this, in bits, nobody should use.
MOST_KEYS, SHORTEST_KEY = 20, 2048
#: The name of the key with which hooks are signed here, for tests and simulators of our own.
OURS = "ours"


@dataclass(frozen=True)
class PublishedJwt(Signature):
    """RS256 in a header, by a key that the token names and the sender publishes at ``keys_at``. It
    must be by ``issuer``, not have run out, and be made out to the secret of the link, its
    audience: that opens nothing, since nobody but the sender can sign."""

    issuer: str
    keys_at: str
    header: str = "Authorization"
    prefix: str = "Bearer "
    keys: Mapping[str, str] = field(default_factory=dict)

    def published(self, said: Any) -> dict[str, str]:
        """Of a JSON Web Key Set."""
        listed = records(record(said).get("keys"))[:MOST_KEYS]
        of_use = [each for each in listed if _is_of_use(each)]
        return {line(each["kid"]): orjson.dumps(each).decode() for each in of_use}

    def knowing(self, keys: Mapping[str, str]) -> PublishedJwt:
        return replace(self, keys=keys)

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        claims = self._claims(hook)
        if not any([self._is_for(secret, claims, hook) for secret in secrets if secret]):
            raise Refused(f"The token in {self.header} has run out, or is for somebody else.")

    def _claims(self, hook: Hook) -> dict[str, Any]:
        given = hook.header(self.header)
        token = given.removeprefix(self.prefix) if given.startswith(self.prefix) else ""
        try:
            return jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError) as problem:
            raise Refused(f"{self.header} is missing or wrong.") from problem

    def _key(self, token: GuestProtocol) -> RSAKey:
        """Asked for only where the token names the right algorithm."""
        name = token.headers().get("kid", "")
        if name not in self.keys:
            raise UnknownKey(f"The token in {self.header} names a key that is not known.")
        return _read(self.keys[name])

    def _is_for(self, secret: Secret, claims: dict[str, Any], hook: Hook) -> bool:
        named = {"iss": self.issuer, "aud": secret}
        wanted = {name: {"essential": True, "value": value} for name, value in named.items()}
        now = int(hook.received_at.timestamp())
        rules = jwt.JWTClaimsRegistry(now=now, leeway=LEEWAY, exp={"essential": True}, **wanted)  # type: ignore[arg-type]
        try:
            rules.validate(claims)
        except JoseError:
            return False
        return True

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        """As the sender would, if it published ``our_keys``."""
        now = int(hook.received_at.timestamp())
        claims = {"iss": self.issuer, "aud": str(secret), "iat": now, "exp": now + LIFETIME}
        named = {"alg": ALGORITHM, "kid": OURS}
        token = jwt.encode(named, claims, _ours(), algorithms=[ALGORITHM])
        return {self.header.lower(): self.prefix + token}

    def carries(self, hook: Hook) -> bool:
        return hook.header(self.header).startswith(self.prefix)


def our_keys() -> dict[str, str]:
    """The other half of what ``sign`` signs with. Nobody publishes it, so it is good for tests
    alone."""
    return {OURS: orjson.dumps(_ours().as_dict(private=False)).decode()}


@cache
def _ours() -> RSAKey:
    return RSAKey.generate_key(SHORTEST_KEY)


@lru_cache(maxsize=64)
def _read(text: str) -> RSAKey:
    return RSAKey.import_key(orjson.loads(text))


def _is_of_use(key: Mapping[str, Any]) -> bool:
    """The length is looked at first: the library reads short ones, too, and only warns."""
    is_long = len(line(key.get("n"))) * 6 >= SHORTEST_KEY
    try:
        return (
            is_long and bool(line(key.get("kid"))) and not RSAKey.import_key(dict(key)).is_private
        )
    except (JoseError, ValueError, TypeError, KeyError):
        return False
