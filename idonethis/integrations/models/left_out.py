"""What was left out of the log, and would be in it by now: since the settings of its link were
changed, or since there is a link at all."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from idonethis.integrations.base import ReceivesForAll
from idonethis.integrations.models.addressee import link_for
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.replay_plan import ReplayPlan
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.values import Reason, Unreadable

LEFT_OUT = tuple(
    each.value for each in (Reason.FILTERED, Reason.BOT, Reason.PRIVATE, Reason.NO_LINK)
)
#: How many of the last are tried.
TRIED = 200
#: How long what came for nobody is looked through for whom it is.
LOOKED_BACK = timedelta(days=30)


def left_out(link: IntegrationLink) -> ReplayPlan | None:
    """What would become of those by now; None, where that changes nothing, as during a pause.
    Nothing stays of the try."""
    plan = ReplayPlan.of(Selection.latest(link, TRIED, outcomes=LEFT_OUT))
    return plan if plan.changes else None


def adopt(link: IntegrationLink) -> int:
    """What came for nobody, from where this link is now, is noted to be its own, as it would be had
    it come later; returns how many those are. None of it is logged by that."""
    integration = link.integration
    if not isinstance(integration, ReceivesForAll):
        return 0
    nobodys = Receipt.objects.filter(state="done", read_for=0, link_id=0, outcome=Reason.NO_LINK)
    lately = nobodys.filter(
        integration_type=link.integration_type, received_at__gt=timezone.now() - LOOKED_BACK
    )
    mine = [each.pk for each in lately.order_by("-pk")[:TRIED] if _is_for(each, link, integration)]
    return nobodys.filter(pk__in=mine).update(read_for=link.pk)


def _is_for(receipt: Receipt, link: IntegrationLink, integration: ReceivesForAll) -> bool:
    try:
        return link_for(integration, receipt.hook) == link
    except Unreadable:
        return False
