"""Prometheus Alertmanager: the alerts that somebody has asked for become blockers and dones.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Event,
    Hook,
    Link,
    Receives,
    SharedToken,
    line,
    record,
)
from idonethis.partners.alertmanager.reading import AlertmanagerForm, Group, wanted


class Alertmanager(Receives):
    name = "Prometheus Alertmanager"
    category = "Operations"
    tagline = "The alerts you ask for become blockers while they fire, and dones once resolved."
    link_form = AlertmanagerForm
    # It signs nothing, but shows a token:
    # https://prometheus.io/docs/alerting/latest/configuration/#http_config
    signature = SharedToken("Authorization", prefix="Bearer ")

    def summary(self, link: Link) -> str:
        said = {"firing": "firing alerts as blockers", "resolved": "resolved alerts"}
        parts = [said[status] for status in said if status in wanted(link)]
        return f"Logs {' and '.join(parts) or 'alerts whose rules say so'}"

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("status"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from Group.of(hook.json).told(link)


integration = Alertmanager()
