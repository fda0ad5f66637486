from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "idonethis.integrations"

    def ready(self) -> None:
        # Integrations build on models, which exist only from here on.
        import_module("idonethis.integrations.checks")
