"""Integrations whose partner makes the secret that it signs with, and hands it over itself."""

from __future__ import annotations

from idonethis.integrations.incoming import Receives
from idonethis.integrations.values import EMPTY, Hook, Response, Secret


class ShakesHands(Receives):
    """The first hook is not signed, but brings the secret for all that follow. It is taken once, at
    the link's own address, within minutes of its making, and by nobody who has a secret."""

    #: What the secret is called there, where a person must type it in at the partner, to prove that
    #: it arrived; empty where nobody need see it.
    typed_back: str = ""

    def handed_over(self, hook: Hook) -> Secret:
        """The secret that this unsigned hook brings; empty where it brings none. Pure."""
        raise NotImplementedError

    def shaken(self, hook: Hook) -> Response:
        """What the partner wants to hear once its secret is kept."""
        return EMPTY
