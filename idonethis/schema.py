"""Whether the tables are those of this version, and how they become so."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor


def pending() -> list[str]:
    """The migrations that some database still lacks."""
    return sorted({name for alias in settings.DATABASES for name in _pending(alias)})


def _pending(alias: str) -> list[str]:
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def bring_up_to_date() -> None:
    for alias in settings.DATABASES:
        if _pending(alias):
            call_command("migrate", database=alias, verbosity=0, interactive=False)
