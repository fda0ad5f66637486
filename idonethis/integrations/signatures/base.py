"""What every way to sign has in common."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from idonethis.ids import hook_token
from idonethis.integrations.values import Hook, Secret


class Refused(Exception):
    """The hook is not from whom it claims to be. The message is for our log, not the sender's."""


class TooOld(Refused):
    """It is genuine, but was signed at another time: sent again by somebody, or by a clock that is
    wrong."""


class UnknownKey(Refused):
    """It names a key that is not known here: a new one, or nobody's."""


class Covers(IntEnum):
    """What nobody without the secret can have changed on the way, from least to most."""

    NOTHING = 0
    SENDER = 1
    BODY = 2
    BODY_AND_TIME = 3


class Signature:
    """Checks that a hook is genuine.

    ``secrets``: those that are valid now, newest first; none means refused."""

    #: Where the sender publishes the keys that it signs with; in it, ``{name}`` is the
    #: integration's address of that name. They are asked for ahead: ``check`` waits for nobody.
    keys_at: str = ""

    @property
    def covers(self) -> Covers:
        return Covers.SENDER

    def published(self, said: Any) -> dict[str, str]:
        """The keys in what stands at ``keys_at``, JSON, by their names. Those that are of no use
        are left out."""
        return {}

    def knowing(self, keys: Mapping[str, str]) -> Signature:
        """The same, once it knows these ``published`` keys, and no others."""
        return self

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        """Raises Refused, and TooOld where that is all that is wrong."""
        raise NotImplementedError

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        """The headers that a genuine sender would add; for tests and simulators of our own."""
        raise NotImplementedError

    def stamped(self, hook: Hook, secret: Secret) -> Hook:
        """The hook as it would be sent in the moment in which it is received, where its body says
        when that was, or the secret; for tests and simulators of our own."""
        return hook

    def carries(self, hook: Hook) -> bool:
        """Whether a hook is signed in this way at all, rightly or not."""
        raise NotImplementedError

    def without_secret(self, hook: Hook) -> Hook:
        """The hook as it may be stored, where its body shows the secret itself."""
        return hook

    def fits(self, secret: Secret) -> bool:
        """Whether this can be a secret at all."""
        return bool(secret)

    def new_secret(self) -> Secret:
        """One of ours, in the shape that the partner takes: 256 bits of chance."""
        return Secret(hook_token())

    def address(self, url: str, secret: Secret) -> str:
        """Where a sender with this secret sends, of the hook's ``url``."""
        return url

    def brought(self, url: str, secret: Secret) -> Mapping[str, str]:
        """What a person copies to the sender, by what it is called there."""
        return {"Secret": secret}


def fingerprint(body: bytes) -> str:
    """A key for a hook that brings none of its own: the same bytes, the same key."""
    return hashlib.sha256(body).hexdigest()
