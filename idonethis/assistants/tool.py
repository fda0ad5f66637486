from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from django.db import transaction
from pydantic import BaseModel, ConfigDict

from idonethis.accounts.tokens import Scope
from idonethis.assistants.asking import Asking
from idonethis.audit.models import record
from idonethis.teams.models import Team


class Answer(NamedTuple):
    """What a tool gives. ``about`` and ``team``: what it changed for everybody, and where."""

    gives: BaseModel
    about: str = ""
    team: Team | None = None


class Tool(BaseModel):
    """One thing that an assistant may ask for, by any token with one of the ``scopes``: its fields
    are what it takes, an instance is one call."""

    model_config = ConfigDict(extra="forbid")

    name: ClassVar[str]
    title: ClassVar[str]
    scopes: ClassVar[tuple[Scope, ...]]
    gives: ClassVar[type[BaseModel]]
    #: https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool
    hints: ClassVar[dict[str, bool]]

    def run(self, asking: Asking) -> BaseModel:
        """Raises Refused."""
        answer = self.answer(asking)
        write_down(asking, self.name, "done", answer)
        return answer.gives

    def answer(self, asking: Asking) -> Answer:
        raise NotImplementedError


class Looks(Tool):
    """Changes nothing."""

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.READ,)
    hints: ClassVar[dict[str, bool]] = {"read_only_hint": True, "open_world_hint": False}


class Inquires(Looks):
    """And a lot is looked through for it."""

    def run(self, asking: Asking) -> BaseModel:
        asking.wait_its_turn("ask")
        return super().run(asking)


class Adds(Tool):
    """Changes something, takes nothing away, and done twice it is done once."""

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.WRITE,)
    hints: ClassVar[dict[str, bool]] = {
        "read_only_hint": False,
        "destructive_hint": False,
        "idempotent_hint": True,
        "open_world_hint": False,
    }

    @transaction.atomic
    def run(self, asking: Asking) -> BaseModel:
        return super().run(asking)


class Removes(Adds):
    """Takes something away, which may be brought back."""

    hints: ClassVar[dict[str, bool]] = Adds.hints | {"destructive_hint": True}


def write_down(asking: Asking, tool: str, ended: str, answer: Answer | None = None) -> None:
    """Each call is one row of the log of changes, with no word of what was asked or answered. A
    draft is nobody's but its person's, so its team is not named."""
    details: dict[str, Any] = {"tool": tool, "ended": ended}
    if answer and answer.about:
        details["about"] = answer.about
    record("token.called", asking.token, team=answer.team if answer else None, **details)
