from __future__ import annotations

from datetime import date, timedelta

from idonethis_cli.ending import Failed

NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def day(said: str) -> str:
    """``yesterday``, the last ``mon``, or ``2026-11-25``, as the API takes it. Raises Failed."""
    word, today = said.strip().lower(), date.today()
    if word in NEAR:
        return (today + timedelta(days=NEAR[word])).isoformat()
    for number, name in enumerate(WEEK):
        if len(word) >= 3 and name.startswith(word):
            return (today - timedelta(days=(today.weekday() - number) % 7)).isoformat()
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError as problem:
        raise Failed(
            f"“{said}” is no day. Say yesterday, mon or 2026-11-25. Nothing was logged."
        ) from problem
