"""What is suggested is its person's to tell. Until they have, nobody else reads what it came of."""

from __future__ import annotations

from idonethis.accounts.models import User
from idonethis.integrations.models import IntegrationLink, Receipt, Suggestion


def is_secret(receipt: Receipt, link: IntegrationLink, *, reader: User | None) -> bool:
    """Fails closed: where a link suggests, only what stands in the log is open to everybody who may
    read its hooks. Nothing is secret to who runs the server, who is no ``reader``."""
    if reader is None:
        return False
    if receipt.suggestion:
        legible = Suggestion.objects.legible_to(reader)
        return not legible.filter(hash_id=receipt.suggestion).exists()
    return not receipt.entry and link.rules.suggests
