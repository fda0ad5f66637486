"""Whether the tables are those of this version, and how they become so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from idonethis.alone import in_turn
from idonethis.entries.search import index


def pending() -> list[str]:
    """The migrations that some database still lacks."""
    return sorted({name for alias in settings.DATABASES for name in _pending(alias)})


def _pending(alias: str) -> list[str]:
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def bring_up_to_date() -> None:
    """Of several processes that start at once, one does it, and the others wait for that."""
    with in_turn("migrating"):
        for alias in settings.DATABASES:
            if _pending(alias):
                call_command("migrate", database=alias, verbosity=0, interactive=False)
        index.ensure()
        if settings.INBOX == "default":
            call_command("createcachetable", verbosity=0)


def lay_out() -> None:
    """Makes the tables in an empty database, and nothing in them: the migrate command would add
    rows of its own."""
    executor = MigrationExecutor(connections["default"])
    executor.migrate(executor.loader.graph.leaf_nodes())


def applied(connection: Any) -> set[str]:
    done = MigrationRecorder(connection).applied_migrations()
    return {f"{app}.{name}" for app, name in done}


def unknown(applied: Collection[str]) -> list[str]:
    """Those of them that only a newer version than this one can have run."""
    known = {name for migration, replaced in _migrations() for name in (migration, *replaced)}
    return sorted(set(applied) - known)


def missing(applied: Collection[str]) -> list[str]:
    """Those of this version that are not among them."""
    done = set(applied)
    needed = ((name, replaced) for name, replaced in _migrations() if name not in done)
    return sorted(name for name, replaced in needed if not replaced or replaced - done)


def _migrations() -> Iterator[tuple[str, set[str]]]:
    """Each of today, and those that it stands for: whoever has run them all has run that one."""
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        replaced = {f"{label}.{old}" for label, old in migration.replaces}
        yield f"{app}.{name}", replaced
