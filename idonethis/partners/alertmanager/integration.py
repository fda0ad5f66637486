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
from idonethis.integrations.kits.alerts import Alert, AlertsForm, Group, summary


class Alertmanager(Receives):
    name = "Prometheus Alertmanager"
    category = "Operations"
    tagline = "The alerts you ask for become blockers while they fire, and dones once resolved."
    link_form = AlertsForm
    # It signs nothing, but shows a token:
    # https://prometheus.io/docs/alerting/latest/configuration/#http_config
    signature = SharedToken("Authorization", prefix="Bearer ")

    def summary(self, link: Link) -> str:
        return summary(link)

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("status"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from Group.of(hook.json, sender="Alertmanager", alert=Alert).told(link)


integration = Alertmanager()
