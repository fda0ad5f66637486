"""Hooks that were refused, as a team sees them: not what they held, but that they came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, Refusal
from idonethis.integrations.moments import moment
from idonethis.integrations.reasons import Ending, ending
from idonethis.ui.words import numbered

#: For how long a page shows them.
SHOWN = timedelta(hours=24)


@dataclass(frozen=True)
class Refused:
    """``link`` None: nobody can say for whom they were."""

    link: IntegrationLink | None
    integration_type: str
    reason: str
    count: int
    since: datetime
    last: datetime

    @property
    def ending(self) -> Ending:
        return ending(self.reason)

    @property
    def partner(self) -> str:
        return registry.name_of(self.integration_type)

    @property
    def called(self) -> str:
        return self.link.short_name if self.link else self.partner

    @property
    def sentence(self) -> str:
        """That they came, when, and what was wrong with them."""
        hooks = numbered(self.count, "hook was refused at", "hooks were refused since")
        why = self.ending.word[0].lower() + self.ending.word[1:]
        return f"{hooks} {moment(self.since, form='H:i')}: {why}."

    @property
    def advice(self) -> str:
        return self.ending.fix.advice_on(self.partner) if self.ending.fix else ""

    def facts(self) -> dict[str, Any]:
        return {
            "link": self.link.hash_id if self.link else None,
            "name": self.called,
            "reason": self.reason,
            "count": self.count,
            "since": self.since.isoformat(),
            "last": self.last.isoformat(),
            "sentence": self.sentence,
            "advice": self.advice,
        }


def refused(links: Iterable[IntegrationLink], *, within: timedelta = SHOWN) -> list[Refused]:
    """Of these links, the last first."""
    by_id = {link.pk: link for link in links}
    rows = Refusal.objects.of_links(by_id.values()).lately(within)
    counted = rows.values("integration_type", "link_id", "reason").annotate(
        total=models.Sum("count"), since=models.Min("first_seen"), last=models.Max("last_seen")
    )
    return [_refused(row, by_id.get(row["link_id"])) for row in counted.order_by("-last")]


def _refused(row: Mapping[str, Any], link: IntegrationLink | None) -> Refused:
    kind, reason, total = row["integration_type"], row["reason"], row["total"]
    return Refused(link, kind, reason, total, row["since"], row["last"])
