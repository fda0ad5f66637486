"""What the database itself refuses, whoever asks: to change or delete what was written down.

A migration that has to rebuild the table lifts the triggers first, and installs them again."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audit_auditrecord"
REFUSAL = "The log of changes is only ever added to."

INSTALL = {
    "sqlite": [
        f"CREATE TRIGGER audit_keeps_{verb} BEFORE {verb} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        f"CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    ],
}
LIFT = {
    "sqlite": ["DROP TRIGGER audit_keeps_update", "DROP TRIGGER audit_keeps_delete"],
    "postgresql": [f"DROP TRIGGER audit_keeps ON {TABLE}", "DROP FUNCTION audit_refuse()"],
}


def install(connection: BaseDatabaseWrapper) -> None:
    _run(connection, INSTALL)


def lift(connection: BaseDatabaseWrapper) -> None:
    _run(connection, LIFT)


def _run(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
