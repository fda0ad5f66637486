from __future__ import annotations

from django.db import models

from idonethis.background import OUTBOX
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser


def reconnect(integration_user: IntegrationUser) -> None:
    """A fresh grant: links that waited for it go on, and what was held goes out, oldest first."""
    through = models.Q(integration_user=integration_user)
    if integration_user.workspace:
        through |= models.Q(integration_user=integration_user.workspace)
    waiting = IntegrationLink.objects.standing().filter(through, state="needs_reconnect")
    links = list(waiting)
    waiting.update(state=IntegrationLink.State.ACTIVE, trouble="")
    Delivery.objects.filter(link__in=links).release()
    OUTBOX.wake_on_commit()
