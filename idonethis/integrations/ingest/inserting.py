"""How hooks are stored, in the words of each database."""

from __future__ import annotations

from functools import cache

INSERT = """
    INSERT INTO integrations_receipt
        (integration_type, link_id, delivery_key, event, request, received_at,
         state, due_at, attempts)
    VALUES {rows}
    ON CONFLICT (integration_type, link_id, delivery_key) DO NOTHING
"""
#: The requests of those that are new, with those of their day: see models/days.py.
INSERT_APART = """
    WITH came (integration_type, link_id, delivery_key, event, request, received_at,
               state, due_at, attempts) AS (VALUES {rows}),
    new AS (
        INSERT INTO integrations_receipt
            (integration_type, link_id, delivery_key, event, request, received_at,
             state, due_at, attempts)
        SELECT integration_type, link_id, delivery_key, event, ''::bytea, received_at,
               state, due_at, attempts
        FROM came
        ON CONFLICT (integration_type, link_id, delivery_key) DO NOTHING
        RETURNING id, integration_type, link_id, delivery_key
    )
    INSERT INTO integrations_request (receipt_id, day, request)
    SELECT id, (received_at AT TIME ZONE 'UTC')::date, request
    FROM new JOIN came USING (integration_type, link_id, delivery_key)
"""
#: The statement, and what stands for a value in the words of its driver.
STATEMENTS = {"sqlite": (INSERT, "?"), "postgresql": (INSERT_APART, "%s")}


@cache
def insert(vendor: str, rows: int) -> str:
    """One statement for all rows, and so a transaction of its own: at the end of every statement
    this thread waits for the interpreter, which the event loop has."""
    statement, mark = STATEMENTS[vendor]
    row = f"({', '.join([mark] * 8)}, 0)"
    return statement.format(rows=", ".join([row] * rows))
