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
from idonethis.integrations.kits.alerts import Alert, AlertsForm, Group, summary


class Panel(Alert):
    """https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/#body"""

    @property
    def url(self) -> str:
        """The panel that shows it, else the rule."""
        pages = ("panelURL", "dashboardURL", "generatorURL")
        return next((found for page in pages if (found := line(self.said.get(page)))), "")


class Grafana(Receives):
    name = "Grafana"
    category = "Operations"
    tagline = "The alerts you ask for become blockers while they fire, and dones once resolved."
    link_form = AlertsForm
    # The header of the time has no name until somebody gives it one, see setup.md:
    # https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/#webhook-settings
    signature = Hmac(
        "X-Grafana-Alerting-Signature",
        template="{timestamp}:{body}",
        stamp=Stamp("X-Grafana-Alerting-Signature-Timestamp"),
    )

    def summary(self, link: Link) -> str:
        return summary(link)

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("status"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from Group.of(hook.json, sender="Grafana", alert=Panel).told(link)


integration = Grafana()
