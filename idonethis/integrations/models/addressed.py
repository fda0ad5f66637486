"""Where a partner sends what it has for a link, and what a person brings to either side so that it
is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from idonethis.ids import hook_token
from idonethis.integrations import registry
from idonethis.integrations.base import Receives, ReceivesForAll, ShakesHands
from idonethis.integrations.models.signed import Signed


class Addressed(Signed):
    hook_token = models.CharField(max_length=43, unique=True, default=hook_token, editable=False)

    integration: Any
    registered_hook: Any
    registered_hook_id: Any

    class Meta:
        abstract = True

    @property
    def hook_url(self) -> str:
        """Where the partner must send: one address for all, or one of this link's own."""
        if isinstance(self.integration, ReceivesForAll):
            return settings.BASE_URL + reverse("hook", args=[self.integration_type])
        return settings.BASE_URL + reverse("hook", args=[self.integration_type, self.hook_token])

    @property
    def signer(self) -> Signed:
        """Whose secret the partner signs with: the webhook's that we made, or the link's own."""
        signer: Signed = self.registered_hook or self
        return signer

    @property
    def awaits_secret(self) -> bool:
        """The partner signs with a secret that it makes itself, and nobody has brought it here:
        until then nothing is taken."""
        return not self.sealed_secret and self.has_own_secret and not self.new_secret()

    @property
    def awaits_handshake(self) -> bool:
        """Not where a webhook of ours is what the partner sends by: that has its own address."""
        return super().awaits_handshake and self.awaits_secret

    @property
    def brought(self) -> Mapping[str, str]:
        """What a person copies to the sender besides the address, by what it is called there; it
        holds the secret. Nothing, where the secret is the partner's own, unless that wants it typed
        back."""
        integration = self.integration
        if isinstance(integration, ShakesHands) and integration.typed_back and self.sealed_secret:
            return {integration.typed_back: self.signing_secret}
        if not isinstance(integration, Receives) or integration.their_secret:
            return {}
        return integration.signature.brought(self.hook_url, self.signing_secret)

    @property
    def has_own_secret(self) -> bool:
        """A person has brought it to the sender."""
        return registry.takes_own_hooks(self.integration) and not self.registered_hook_id
