"""Partners that sign in more than one way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from idonethis.integrations.signatures.base import Covers, Refused, Signature
from idonethis.integrations.values import Hook, Secret


@dataclass(frozen=True)
class AnyOf(Signature):
    """Several, the best first. A hook must pass the first one that it carries: who can sign in a
    better way is not taken at a worse one."""

    ways: tuple[Signature, ...]

    @property
    def covers(self) -> Covers:
        """As much as the worst of them."""
        return min(way.covers for way in self.ways)

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        for way in self.ways:
            if way.carries(hook):
                return way.check(hook, secrets)
        raise Refused("No signature.")

    def sign(self, hook: Hook, secret: Secret) -> dict[str, str]:
        return self.ways[0].sign(hook, secret)

    def stamped(self, hook: Hook, secret: Secret) -> Hook:
        return self.ways[0].stamped(hook, secret)

    def without_secret(self, hook: Hook) -> Hook:
        for way in self.ways:
            hook = way.without_secret(hook)
        return hook

    def carries(self, hook: Hook) -> bool:
        return any(way.carries(hook) for way in self.ways)

    def new_secret(self) -> Secret:
        return self.ways[0].new_secret()

    def address(self, url: str, secret: Secret) -> str:
        return self.ways[0].address(url, secret)

    def brought(self, url: str, secret: Secret) -> Mapping[str, str]:
        """Of every way, since who sends may know only one of them."""
        return {name: v for way in self.ways for name, v in way.brought(url, secret).items()}
