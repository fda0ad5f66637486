"""Who writes to the database just now, or waits until they may. Whoever has it for long makes way
for them, and for nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class Writers:
    """All of this process, by their threads. Who only reads SQLite's file waits for nobody."""

    def __init__(self) -> None:
        self._threads: set[int] = set()

    def watch(self) -> None:
        """All connections that are opened from now on."""
        connection_created.connect(self._meet)

    def forget(self) -> None:
        connection_created.disconnect(self._meet)

    def _meet(self, connection: BaseDatabaseWrapper, **_: Any) -> None:
        is_known = self._note in connection.execute_wrappers
        if connection.alias == DEFAULT_DB_ALIAS and not is_known:
            connection.execute_wrappers.append(self._note)

    def _note(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if sql.startswith("SELECT"):
            return execute(sql, *more)
        me = threading.get_ident()
        self._threads.add(me)
        try:
            return execute(sql, *more)
        finally:
            self._threads.discard(me)

    @property
    def are_there(self) -> bool:
        return bool(self._threads)


WRITERS = Writers()
