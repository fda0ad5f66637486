"""A token that the sender signs, in place of what it sends: https://www.rfc-editor.org/rfc/rfc7519

It proves who sends, and not what: the body is not covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from idonethis.integrations.signatures.base import Refused, Signature
from idonethis.integrations.values import Hook, Secret

#: How long a token of ours is good, in seconds.
LIFETIME = 300


@dataclass(frozen=True)
class Jwt(Signature):
    """HS256 with the secret, in a header. It must not have run out, and name every claim of
    ``claims``, each as a text in which ``{url}`` is the address as this server knows it. By
    ``leeway``, in seconds, the clocks may differ of partners that say when they signed."""

    header: str = "Authorization"
    prefix: str = ""
    claims: dict[str, str] = field(default_factory=dict)
    leeway: int = 0

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        given = hook.header(self.header)
        token = given.removeprefix(self.prefix) if given.startswith(self.prefix) else ""
        if not any([self._holds(token, secret, hook) for secret in secrets if secret]):
            raise Refused(f"{self.header} is missing or wrong.")

    def _holds(self, token: str, secret: Secret, hook: Hook) -> bool:
        now = int(hook.received_at.timestamp())
        wanted = {name: {"essential": True, "value": v} for name, v in self._wanted(hook).items()}
        wanted["exp"] = {"essential": True}
        rules = jwt.JWTClaimsRegistry(now=now, leeway=self.leeway, **wanted)  # type: ignore[arg-type]
        try:
            # Only this algorithm: a token may not say itself how it is to be believed.
            rules.validate(jwt.decode(token, _key(secret), algorithms=["HS256"]).claims)
        except (JoseError, ValueError, TypeError):
            return False
        return True

    def _wanted(self, hook: Hook) -> dict[str, str]:
        return {name: text.format(url=hook.url) for name, text in self.claims.items()}

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        claims = {**self._wanted(hook), "exp": int(hook.received_at.timestamp()) + LIFETIME}
        return {
            self.header.lower(): self.prefix + jwt.encode({"alg": "HS256"}, claims, _key(secret))
        }

    def carries(self, hook: Hook) -> bool:
        return bool(hook.header(self.header))


def _key(secret: Secret) -> OctKey:
    return OctKey.import_key(secret)
