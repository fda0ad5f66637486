"""A group of alerts:
https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/#body"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from idonethis.integrations.base import (
    Draft,
    Event,
    Ignored,
    Link,
    LinkForm,
    Reason,
    Unreadable,
    fingerprint,
    instant,
    line,
    record,
    records,
)

#: The annotation with which a rule asks for entries of its alerts, whatever the link wants.
OWN = "idonethis"
#: What its words ask for, by the status of an alert.
WORDS = {"firing": "blocked", "resolved": "done"}
VERBS = {"firing": "Alert", "resolved": "Resolved the alert"}


class GrafanaForm(LinkForm):
    firing = forms.BooleanField(
        label="Log every firing alert as a blocker", required=False, initial=False
    )
    resolved = forms.BooleanField(
        label="Log every resolved alert as a done",
        required=False,
        initial=False,
        help_text="Alerts name nobody: all of it is of who makes this link.",
    )


def wanted(link: Link) -> frozenset[str]:
    """Which alerts the link wants, whatever their rules say."""
    return frozenset(status for status in WORDS if link.config.get(status))


@dataclass(frozen=True)
class Group:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Group:
        if not isinstance(body, dict):
            raise Unreadable("What Grafana sends is a JSON object; this is none.")
        return cls(body)

    def told(self, link: Link) -> Iterator[Event]:
        alerts = [Alert(said) for said in records(self.body.get("alerts"))]
        for alert in alerts:
            yield alert.told(wanted(link), home=link.hash_id)
        if not alerts:
            yield Ignored(Reason.UNSUPPORTED, "There is no alert in it.")


@dataclass(frozen=True)
class Alert:
    said: Mapping[str, Any]

    def told(self, wanted: frozenset[str], *, home: str) -> Event:
        if self.status not in VERBS:
            return Ignored(Reason.UNSUPPORTED, f"An alert that is “{self.status}” is no news.")
        if self.status not in wanted and WORDS[self.status] not in self.asked:
            return Ignored(Reason.FILTERED, f"Nobody asked for alerts that are {self.status}.")
        return self._draft(home)

    @property
    def status(self) -> str:
        return line(self.said.get("status"))

    @property
    def labels(self) -> Mapping[str, Any]:
        return record(self.said.get("labels"))

    @property
    def annotations(self) -> Mapping[str, Any]:
        return record(self.said.get("annotations"))

    @property
    def asked(self) -> list[str]:
        return line(self.annotations.get(OWN)).replace(",", " ").split()

    @property
    def name(self) -> str:
        called = line(self.annotations.get("summary")) or line(self.labels.get("alertname"))
        return called or "without a name"

    @property
    def url(self) -> str:
        """The panel that shows it, else the rule."""
        pages = ("panelURL", "dashboardURL", "generatorURL")
        return next((found for page in pages if (found := line(self.said.get(page)))), "")

    def _draft(self, home: str) -> Draft:
        """The same labels that fire again later are another alert."""
        at = instant(self.said.get("startsAt" if self.status == "firing" else "endsAt"))
        return Draft(
            body=f"{VERBS[self.status]} “{self.name}”",
            kind=WORDS[self.status],
            key=f"{self.status}:{home}:{self._id}:{line(self.said.get('startsAt'))}",
            url=self.url,
            occurred_at=at,
            as_of=at,
        )

    @property
    def _id(self) -> str:
        own = line(self.said.get("fingerprint"))
        return own or fingerprint(repr(sorted(map(str, self.labels.items()))).encode())
