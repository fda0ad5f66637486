"""Groups of alerts, as monitoring tells them: each fires, and is resolved later."""

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
    fingerprint,
    instant,
    json_object,
    line,
    record,
    records,
)

#: The annotation with which a rule asks for entries of its alerts, whatever the link wants.
OWN = "idonethis"
#: What its words ask for, by the status of an alert.
WORDS = {"firing": "blocked", "resolved": "done"}
VERBS = {"firing": "Alert", "resolved": "Resolved the alert"}


class AlertsForm(LinkForm):
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
        return line(self.said.get("generatorURL"))

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


@dataclass(frozen=True)
class Group:
    alerts: tuple[Alert, ...]

    @classmethod
    def of(cls, body: Any, *, sender: str, alert: type[Alert]) -> Group:
        body = json_object(body, f"What {sender} sends")
        return cls(tuple(map(alert, records(body.get("alerts")))))

    def told(self, link: Link) -> Iterator[Event]:
        for alert in self.alerts:
            yield alert.told(wanted(link), home=link.hash_id)
        if not self.alerts:
            yield Ignored(Reason.UNSUPPORTED, "There is no alert in it.")


def summary(link: Link) -> str:
    said = {"firing": "firing alerts as blockers", "resolved": "resolved alerts"}
    parts = [said[status] for status in said if status in wanted(link)]
    return f"Logs {' and '.join(parts) or 'alerts whose rules say so'}"
