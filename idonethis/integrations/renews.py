"""Integrations whose webhooks at the partner are replaced: subscriptions that expire, and what
cannot be changed."""

from __future__ import annotations

from idonethis.integrations.http import Client
from idonethis.integrations.incoming import Registers
from idonethis.integrations.values import MadeHook, Secret


class Renews(Registers):
    """Says until when a webhook holds. Well before that it is renewed: first the next one is made,
    then the one before is removed, so that nothing is missed in between.

    So it also goes where webhooks hold for good and nobody can change one: it says no ``until``,
    and only what is wrong, or a new secret, is a reason for another one."""

    def create_hook(
        self, client: Client, subject: str, *, url: str, secret: Secret, remote_id: str = ""
    ) -> MadeHook:
        """Makes another one with this address and secret, and leaves the one with ``remote_id`` as
        it is; or has that one hold longer, where the partner can do so, the secret put right, too.
        ``MadeHook.until`` says until when; a mere id holds for good.

        The one before goes by ``destroy_hook``, which must find it by its ``remote_id`` alone: the
        address is the same. What both tell meanwhile needs the same ``delivery_key``."""
        made = super().create_hook(client, subject, url=url, secret=secret, remote_id=remote_id)
        return made if isinstance(made, MadeHook) else MadeHook(made)
