"""Where rows live. On SQLite the inbox is a file of its own, so that storing a hook never waits
for a writer of anything else; on PostgreSQL it is a table beside the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from idonethis import env
from idonethis.checkpoints import NEVER

#: https://www.sqlite.org/pragma.html: an acknowledged row survives a power cut only with FULL.
DURABLE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
#: What is deleted is overwritten, not left in free places of the file.
FORGETFUL = "PRAGMA secure_delete=ON;"
PRAGMAS = DURABLE + FORGETFUL + NEVER
#: A usual hook, compressed, fills a page of 4 kB by a half: two of this size hold six of them. Only
#: a new file takes it.
WIDE = "PRAGMA page_size=8192;" + PRAGMAS


#: For how long a thread keeps its connection, in seconds. SQLite, too, reads what it knows about
#: all tables when one is opened, and that takes longer than what it is asked.
KEPT_OPEN = 60


def databases(folder: Path) -> tuple[dict[str, dict[str, Any]], list[str], str]:
    """The settings DATABASES and DATABASE_ROUTERS, and the alias of the database of the inbox."""
    if url := env.text("DATABASE_URL"):
        return {"default": postgresql(url)}, [], "default"
    both = {
        "default": sqlite(folder / "log.sqlite3"),
        "inbox": sqlite(folder / "inbox.sqlite3", WIDE),
    }
    return both, ["idonethis.databases.InboxRouter"], "inbox"


def sqlite(path: Path, pragmas: str = PRAGMAS) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": KEPT_OPEN,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
        "TEST": {"NAME": None},
    }


def postgresql(url: str) -> dict[str, Any]:
    """Raises Misconfigured."""
    parts = urlsplit(url)
    if not _names_one(parts):
        raise env.Misconfigured("DATABASE_URL must look like postgres://user:password@host/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": KEPT_OPEN,
        "CONN_HEALTH_CHECKS": True,
    }


def _names_one(parts: SplitResult) -> bool:
    try:
        has_port = parts.port != 0
    except ValueError:
        return False
    return has_port and parts.scheme in ("postgres", "postgresql") and len(parts.path) > 1


class InboxRouter:
    """Sends the inbox to its own file, and everything else to the other."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return getattr(model, "lives_in", "default")

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return None

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool:
        return (db == "inbox") == (model_name == "receipt" and app_label == "integrations")
