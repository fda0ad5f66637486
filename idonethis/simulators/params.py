"""The parameters of a control call, from JSON or from a form on the page."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from .store import Record


class BadParam(ValueError):
    """A control call that makes no sense; nothing was changed."""


class Params:
    """Named values, read with the type one needs. Raises BadParam."""

    def __init__(self, values: Record) -> None:
        self._values = values

    @classmethod
    async def of(cls, request: Request) -> Params:
        if "form" in request.headers.get("content-type", ""):
            return cls({key: str(value) for key, value in (await request.form()).items()})
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError as error:
            raise BadParam(f"the body is not JSON: {error}") from error
        if not isinstance(body, dict):
            raise BadParam("the body is not a JSON object")
        return cls(body)

    def get(self, name: str) -> Any:
        value = self._values.get(name)
        return None if value == "" else value

    def text(self, name: str, default: str | None = None) -> str:
        value = self.get(name)
        if value is None and default is None:
            raise BadParam(f"{name} is missing")
        return str(default if value is None else value)

    def number(self, name: str, default: int | None = None) -> int:
        return int(self.decimal(name, default))

    def decimal(self, name: str, default: float | None = None) -> float:
        text = self.text(name, None if default is None else str(default))
        try:
            return float(text)
        except ValueError as error:
            raise BadParam(f"{name} is a number, not {text!r}") from error

    def flag(self, name: str, default: bool = False) -> bool:
        return self.text(name, str(default)).lower() in ("true", "1", "yes", "on")

    def names(self, name: str) -> list[str]:
        """A list of words, or one string with commas."""
        value = self.get(name) or []
        return value.split(",") if isinstance(value, str) else [str(item) for item in value]

    def record(self, name: str) -> Record:
        value = self.get(name) or {}
        if not isinstance(value, dict):
            raise BadParam(f"{name} is an object")
        return value
