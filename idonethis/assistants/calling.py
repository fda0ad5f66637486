from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from idonethis.assistants.asking import Asking, Refused
from idonethis.assistants.tool import Tool, write_down
from idonethis.assistants.tools import TOOLS

log = logging.getLogger(__name__)
FAILED = "This failed, and not by your fault. Nothing was changed. Try once more."


@dataclass(frozen=True)
class Called:
    """What became of a call: what its tool gives as JSON, or a ``problem``, and which scopes it
    ``wants``."""

    gives: dict[str, Any] | None = None
    problem: str = ""
    wants: tuple[str, ...] = ()


def offered(asking: Asking) -> list[type[Tool]]:
    """Nobody is offered what their token does not allow."""
    return [tool for tool in TOOLS.values() if asking.scopes.intersection(tool.scopes)]


def call(asking: Asking, name: str, given: Mapping[str, Any]) -> Called:
    """Raises nothing: whoever asks is told what happened, whether anything changed, what to do."""
    try:
        return Called(_understood(asking, name, given).run(asking).model_dump(mode="json"))
    except Refused as problem:
        write_down(asking, _known(name), "refused")
        return Called(problem=str(problem), wants=problem.wants)
    except Exception:
        log.exception("The tool %s failed", _known(name))
        write_down(asking, _known(name), "failed")
        return Called(problem=FAILED)


def _known(name: str) -> str:
    """What nobody knows may be anything, and is not written down."""
    return name if name in TOOLS else "unknown"


def _understood(asking: Asking, name: str, given: Mapping[str, Any]) -> Tool:
    tool = TOOLS.get(name)
    if tool is None:
        raise Refused(f"There is no such tool, so nothing was done. There are {', '.join(TOOLS)}.")
    if not asking.scopes.intersection(tool.scopes):
        raise _lacking(tool)
    try:
        return tool.model_validate(dict(given))
    except ValidationError as problem:
        raise Refused(f"Nothing was done. {' '.join(_sentences(problem))}") from problem


def _lacking(tool: type[Tool]) -> Refused:
    wanted = " or ".join(tool.scopes)
    return Refused(
        f"This token may not do that: it takes the scope {wanted}. Nothing was done. Your person "
        "can let you in with it.",
        wants=tuple(tool.scopes[:1]),
    )


def _sentences(problem: ValidationError) -> list[str]:
    """Without what was sent, which may be long."""
    errors = problem.errors(include_url=False, include_input=False, include_context=False)
    return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}." for each in errors]
