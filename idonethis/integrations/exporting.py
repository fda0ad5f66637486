"""What a link picks from what came in, for others to use."""

from __future__ import annotations

from idonethis.accounts.models import User
from idonethis.integrations.captures import Captures
from idonethis.integrations.kits.mapped import Mapped
from idonethis.integrations.kits.mapped.exporting import Exported
from idonethis.integrations.models import IntegrationLink


class CannotExport(Exception):
    """The message is a sentence."""


def exported(link: IntegrationLink, reader: User) -> Exported:
    """By the latest of what came in, of which this person may read everything, and of which entries
    come. Raises CannotExport."""
    integration = link.integration
    if not isinstance(integration, Mapped):
        raise CannotExport(f"{integration.name} is a folder of its own already.")
    for captured in Captures(link, link.config, reader).read():
        found = Exported.of(integration, link.config, captured.receipt.hook)
        if not captured.is_secret and found.drafts:
            return found
    raise CannotExport(
        "Nothing that came in becomes an entry yet. Let something be sent, and say where its text "
        "stands."
    )
