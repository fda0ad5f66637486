from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class MailingConfig(AppConfig):
    name = "idonethis.mailing"

    def ready(self) -> None:
        # It listens to signals of models, which exist only from here on.
        import_module("idonethis.mailing.planning")
