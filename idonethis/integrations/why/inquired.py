"""What a partner said when it was asked whether it tried, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from idonethis.integrations.models import IntegrationLink, Job
from idonethis.integrations.models.backfilling import can_backfill
from idonethis.integrations.models.repair import Kind
from idonethis.integrations.moments import moment
from idonethis.ui.words import numbered


@dataclass(frozen=True)
class Inquired:
    job: Job
    link: IntegrationLink

    @classmethod
    def of(cls, job: Job | None) -> Inquired | None:
        return cls(job, job.link) if job and job.link else None

    @property
    def sentences(self) -> tuple[str, ...]:
        if self.job.is_running:
            return (self.job.trouble or f"{self._partner} is being asked.",)
        if self.job.state == "stopped":
            return ("It was stopped before everything was known.",)
        if self.job.state == "failed":
            return (f"{self._partner} could not be asked, or did not let us: {self.job.trouble}",)
        return tuple(self._found())

    @property
    def tone(self) -> str:
        return {"due": "wait", "done": "ok"}.get(self.job.state, "bad")

    @property
    def past(self) -> str:
        """Where to bring in what a webhook that was not right did not tell; empty where that cannot
        be had."""
        can = self._repaired and can_backfill(self.link)
        return reverse("link_past", args=[self.link.hash_id]) if can else ""

    @property
    def _partner(self) -> str:
        return self.link.integration.name

    @property
    def _repaired(self) -> list[Kind]:
        return [kind for kind in Kind if kind in self.job.results]

    def _found(self) -> Iterator[str]:
        for kind in self._repaired:
            yield f"The webhook {kind.label}"
        if not self._repaired:
            yield f"The webhook stands at {self._partner} as it should."
        yield from self._tries() if self.job.cursor else self._unknown()

    def _unknown(self) -> Iterator[str]:
        yield f"{self._partner} does not show what it could not deliver."

    def _tries(self) -> Iterator[str]:
        known, partner = self.job.cursor, self._partner
        if not known["keys"]:
            yield (
                f"{partner} lists no delivery since {_at(known['since'])} that did not reach us: "
                "it did not happen there, or the webhook does not cover it."
            )
            return
        first, last = map(_at, known["between"])
        when = f"at {first}" if first == last else f"between {first} and {last}"
        tries = numbered(known["tries"], "time", "times")
        what = numbered(len(known["keys"]), "delivery", "deliveries")
        yield (
            f"{partner} tried {tries} {when} and did not reach us: {what} did not arrive, and "
            f"{_were(len(known['keys']))} asked for again. {self._came}"
        )

    @property
    def _came(self) -> str:
        asked, here = len(self.job.cursor["keys"]), self.job.results.get("came", 0)
        if here == asked:
            return "It is here now." if asked == 1 else "All of them are here now."
        missing = "It has" if asked == 1 else f"{asked - here} of them have"
        return f"{missing} not come yet; it is looked after further by itself."


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _at(instant: str) -> str:
    return moment(datetime.fromisoformat(instant), form="H:i")
