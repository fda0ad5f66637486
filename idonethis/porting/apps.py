from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PortingConfig(AppConfig):
    name = "idonethis.porting"

    def ready(self) -> None:
        # What is encrypted says so to who changes keys; there are models only from here on.
        import_module("idonethis.porting.resealing")
