"""Grafana Alerting: the alerts that somebody has asked for become blockers and dones.

https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import (
    Event,
    Hmac,
    Hook,
    Link,
    Receives,
    Stamp,
    line,
    record,
)
from idonethis.partners.grafana.reading import GrafanaForm, Group, wanted


class Grafana(Receives):
    name = "Grafana"
    category = "Operations"
    tagline = "The alerts you ask for become blockers while they fire, and dones once resolved."
    link_form = GrafanaForm
    # The header of the time has no name until somebody gives it one, see setup.md:
    # https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/#webhook-settings
    signature = Hmac(
        "X-Grafana-Alerting-Signature",
        template="{timestamp}:{body}",
        stamp=Stamp("X-Grafana-Alerting-Signature-Timestamp"),
    )

    def summary(self, link: Link) -> str:
        said = {"firing": "firing alerts as blockers", "resolved": "resolved alerts"}
        parts = [said[status] for status in said if status in wanted(link)]
        return f"Logs {' and '.join(parts) or 'alerts whose rules say so'}"

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("status"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from Group.of(hook.json).told(link)


integration = Grafana()
