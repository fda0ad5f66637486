"""OAuth as protocol: where to send a person, and what to do with what they bring back.

The words of the protocols are Authlib's, what differs between partners is data (``base.OAuth1``,
``base.OAuth2``), and every request goes through the one door out."""

from __future__ import annotations

from idonethis.integrations.base import Integration, OAuth1, OAuth2
from idonethis.integrations.oauth.journey import (
    STRAY,
    Conversation,
    Denied,
    Departure,
    Misregistered,
)
from idonethis.integrations.oauth.oauth1 import OAuth1Conversation
from idonethis.integrations.oauth.oauth2 import OAuth2Conversation, lasting, with_lasting

__all__ = [
    "STRAY", "Conversation", "Denied", "Departure", "Misregistered", "conversation", "lasting",
    "with_lasting",
]  # fmt: skip


def conversation(
    integration: Integration, client_id: str, client_secret: str, *, callback_url: str
) -> Conversation:
    """In the words that the partner knows; one in which nobody is sent there, if it knows none."""
    known = (integration, client_id, client_secret, callback_url)
    match integration.oauth:
        case OAuth1() as declared:
            return OAuth1Conversation(*known, declared)
        case OAuth2() as declared:
            return OAuth2Conversation(*known, declared)
    return Conversation(*known)
