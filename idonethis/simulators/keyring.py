"""The keys with which a pretend partner signs tokens, as it publishes them:
https://www.rfc-editor.org/rfc/rfc7517"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

BITS = 2048


class Keyring:
    """The newest signs; the one before is published a while longer, as everybody does it."""

    @cached_property
    def _keys(self) -> list[RSAKey]:
        return [RSAKey.generate_key(BITS, {"kid": "1815"})]

    def rotate(self) -> str:
        """A new key signs from now on; returns its name."""
        name = str(int(str(self._keys[0].kid)) + 1)
        self._keys[:] = [RSAKey.generate_key(BITS, {"kid": name}), self._keys[0]]
        return name

    @property
    def published(self) -> dict[str, Any]:
        told = {"alg": "RS256", "use": "sig"}
        return {"keys": [{**key.as_dict(private=False), **told} for key in self._keys]}

    def token(self, claims: dict[str, Any]) -> str:
        signer = self._keys[0]
        header = {"alg": "RS256", "kid": str(signer.kid)}
        return jwt.encode(header, claims, signer, algorithms=["RS256"])
