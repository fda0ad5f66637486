"""How partners sign their hooks, declared as data. The only place that compares signatures."""

from __future__ import annotations

from idonethis.integrations.signatures.base import (
    Covers,
    Refused,
    Signature,
    TooOld,
    UnknownKey,
    fingerprint,
)
from idonethis.integrations.signatures.hmacs import STANDARD_WEBHOOKS, Hmac
from idonethis.integrations.signatures.jwts import Jwt
from idonethis.integrations.signatures.public_keys import Algorithm, PublicKey
from idonethis.integrations.signatures.published_jwts import PublishedJwt
from idonethis.integrations.signatures.shared import Basic, InAddress, InBody, SharedToken
from idonethis.integrations.signatures.stamps import MILLISECONDS, Stamp
from idonethis.integrations.signatures.text import Text
from idonethis.integrations.signatures.ways import AnyOf

__all__ = [
    "MILLISECONDS", "STANDARD_WEBHOOKS", "Algorithm", "AnyOf", "Basic", "Covers", "Hmac",
    "InAddress", "InBody", "Jwt", "PublicKey", "PublishedJwt", "Refused", "SharedToken",
    "Signature", "Stamp", "Text", "TooOld", "UnknownKey", "fingerprint",
]  # fmt: skip
