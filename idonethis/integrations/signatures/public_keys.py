"""Senders that sign with a key of their own, of which everybody may know the other half."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from idonethis.integrations.signatures.base import Covers, Refused, Signature
from idonethis.integrations.signatures.stamps import Stamp
from idonethis.integrations.signatures.text import Text
from idonethis.integrations.values import Hook, Secret

Public = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
Private = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Algorithm(Enum):
    """And how the public key is written: Ed25519 as the hex of its 32 bytes, the others as the
    base64 of DER, which is what stands between the lines of a PEM file."""

    ED25519 = "ed25519"
    ECDSA = "ecdsa"
    RSA = "rsa"

    def read_public(self, text: str) -> Public:
        """Raises ValueError."""
        if self is Algorithm.ED25519:
            return ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
        found = serialization.load_der_public_key(base64.b64decode(text, validate=True))
        kinds = {Algorithm.ECDSA: ec.EllipticCurvePublicKey, Algorithm.RSA: rsa.RSAPublicKey}
        if not isinstance(found, kinds[self]):
            raise ValueError(f"This is no key of {self.name}.")
        return found  # type: ignore[return-value]

    def verify(self, key: Public, signature: bytes, content: bytes) -> None:
        """Raises InvalidSignature."""
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, content)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())


#: Of pairs that were made here, the other halves: for tests of our own.
_MADE: dict[str, ed25519.Ed25519PrivateKey] = {}


@dataclass(frozen=True)
class PublicKey(Signature):
    """``{timestamp}{body}``, signed with the sender's key, in a header. The secret of the link is
    the sender's public key: nobody can sign with it, and nobody else may say which it is."""

    header: str
    stamp: Stamp
    algorithm: Algorithm = Algorithm.ED25519
    encoding: Text = Text.HEX

    @property
    def covers(self) -> Covers:
        return Covers.BODY_AND_TIME

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        said = self.stamp.read(hook, ())
        content = said.encode() + hook.body
        if not any([self._fits(hook, content, secret) for secret in secrets if secret]):
            raise Refused(f"{self.header} is missing or wrong.")
        self.stamp.check(hook, said)

    def _fits(self, hook: Hook, content: bytes, secret: Secret) -> bool:
        try:
            given = hook.header(self.header)
            key, signature = self.algorithm.read_public(secret), self.encoding.read(given)
            self.algorithm.verify(key, signature, content)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            return False
        return self.encoding.write(signature).decode() == given

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        """By a stranger, where the other half is not ours."""
        private = _MADE.get(secret) or ed25519.Ed25519PrivateKey.generate()
        return self.signed_by(private, hook)

    def signed_by(self, private: Private, hook: Hook) -> dict[str, str]:
        """What ``sign`` would be, if who checks could sign."""
        said = self.stamp.write(hook)
        content = said.encode() + hook.body
        if isinstance(private, ed25519.Ed25519PrivateKey):
            made = private.sign(content)
        elif isinstance(private, ec.EllipticCurvePrivateKey):
            made = private.sign(content, ec.ECDSA(hashes.SHA256()))
        else:
            made = private.sign(content, padding.PKCS1v15(), hashes.SHA256())
        return {
            self.stamp.header.lower(): said,
            self.header.lower(): self.encoding.write(made).decode(),
        }

    def fits(self, secret: Secret) -> bool:
        try:
            self.algorithm.read_public(secret)
        except (UnsupportedAlgorithm, ValueError):
            return False
        return True

    def new_secret(self) -> Secret:
        """An Ed25519 key. No sender has its other half, so it is good for tests alone."""
        private = ed25519.Ed25519PrivateKey.generate()
        public = Secret(private.public_key().public_bytes_raw().hex())
        _MADE[public] = private
        return public

    def carries(self, hook: Hook) -> bool:
        return bool(hook.header(self.header))
