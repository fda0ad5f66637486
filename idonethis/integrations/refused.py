"""Hooks that were refused, as a team sees them: not what they held, but that they came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models

from idonethis.integrations import registry
from idonethis.integrations.base import Receives
from idonethis.integrations.models import IntegrationLink, Refusal
from idonethis.integrations.moments import moment
from idonethis.integrations.reasons import Ending, ending
from idonethis.integrations.remedies import Remedy, remedy_of_refused
from idonethis.integrations.values import Reason
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
    def remedy(self) -> Remedy | None:
        """For who manages the link."""
        fix = self.ending.fix
        return remedy_of_refused(fix, self.link) if fix and self.link else None

    @property
    def limit(self) -> str:
        """The setting by which it was too large, and how it stands; empty where there is none."""
        if self.reason != Reason.TOO_LARGE or self._own_limit:
            return ""
        limit = f"{settings.HOOK_BODY_LIMIT:,} bytes"
        return f"HOOK_BODY_LIMIT is {limit} now; docs/self-hosting.md says how to set it."

    @property
    def _own_limit(self) -> int | None:
        """The most that its partner ever sends, whatever the settings."""
        found = registry.get(self.integration_type)
        return found.body_limit if isinstance(found, Receives) else None

    @property
    def page_at_partner(self) -> str:
        """Where what was refused can be sent again; empty where nobody knows."""
        hook = self.link.registered_hook if self.link else None
        is_too_large = self.reason == Reason.TOO_LARGE
        return hook.page_at_partner if hook and is_too_large else ""

    @property
    def whom_to_ask(self) -> str:
        """Of those in the team, who runs this server."""
        members = self.link.team.members.filter(is_staff=True) if self.link else []
        return " or ".join(str(each) for each in members) or "whoever runs this server"

    @property
    def advice(self) -> str:
        if self.reason == Reason.TOO_LARGE and self._own_limit:
            most = f"{self._own_limit:,} bytes of {self.partner}"
            return f"Nothing of it was stored, and no setting lets in more than {most}."
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
