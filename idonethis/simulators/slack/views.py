"""Modals: https://docs.slack.dev/surfaces/modals"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from ..params import BadParam, Params
from ..store import Record
from .demo import APP_ID, BOT, TEAM
from .errors import SlackError
from .interactions import Interactions
from .messages import elements_of, number_blocks
from .outcomes import json_answer, outcome, trouble
from .workspace import Workspace

# What a view says itself; the rest Slack adds.
CONTENT: Record = {
    "type": "modal",
    "title": None,
    "blocks": [],
    "close": None,
    "submit": None,
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
}


def opened(workspace: Workspace, view: object, *, user: str) -> Record:
    """A modal that stands open before that person. Raises SlackError."""
    content = sound(view)
    number = f"V0{secrets.token_hex(5).upper()}"
    record = {**content, "id": number, "opened_by": user, "errors": {}}
    workspace.store.table("views")[number] = record
    return record


def sound(view: object) -> Record:
    is_view = isinstance(view, dict) and view.get("type") == "modal"
    if not isinstance(view, dict) or not is_view or not view.get("title"):
        messages = ["[ERROR] a modal needs type, title and blocks"]
        raise SlackError("invalid_arguments", response_metadata={"messages": messages})
    content = {key: view.get(key, default) for key, default in CONTENT.items()}
    number_blocks(content)
    return content


def shown(view: Record, values: Record | None = None) -> Record:
    """A view as the application sees it."""
    return {
        **{key: view[key] for key in ("id", *CONTENT)},
        "team_id": TEAM["id"],
        "state": {"values": values or {}},
        "hash": f"{secrets.randbelow(10**9)}.{secrets.token_hex(4)}",
        "root_view_id": view["id"],
        "previous_view_id": None,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM["id"],
        "bot_id": BOT["id"],
    }


def typed(view: Record, params: Params) -> Record:
    """The state of a view: for each input `values` has it under block_id, then action_id.

    A form has it under "block_id/action_id".
    """
    values, state = params.record("values"), Record()
    for block in view["blocks"]:
        for element in elements_of(block) if block["type"] == "input" else []:
            block_id, action_id = block["block_id"], element["action_id"]
            given = params.get(f"{block_id}/{action_id}")
            value = values.get(block_id, {}).get(action_id, given)
            state[block_id] = {action_id: as_state(element, value)}
    return state


def as_state(element: Record, value: object) -> Record:
    if "options" not in element:
        return {"type": element["type"], "value": value}
    chosen = [option for option in element["options"] if option["value"] == value]
    return {"type": element["type"], "selected_option": chosen[0] if chosen else None}


@dataclass(frozen=True)
class Views:
    workspace: Workspace
    interactions: Interactions

    def asked(self, params: Params) -> Record:
        """The view in a control call, without one the last that was opened. Raises BadParam."""
        views = self.workspace.store.table("views")
        number = params.text("view", next(reversed(views), ""))
        if number not in views:
            raise BadParam(f"no such view is open: {number}")
        found: Record = views[number]
        return found

    async def submit(self, view: Record, values: Record) -> Record:
        """Send a modal off; errors, an update or the end of it follow from the answer."""
        attempt = await self.interactions.post(
            {
                **self.interactions.common("view_submission", self._person(view)),
                "view": shown(view, values),
                "response_urls": [],
            }
        )
        error, answer = trouble(attempt), json_answer(attempt)
        if not error:
            self._after(view, answer or {})
        return outcome(attempt, [], error=error, immediate=answer)

    def _after(self, view: Record, answer: Record) -> None:
        action = answer.get("response_action", "clear")
        view["errors"] = answer.get("errors", {}) if action == "errors" else {}
        if action in ("update", "push"):
            self._update(view, answer.get("view"))
        elif action != "errors":
            self.workspace.store.table("views").pop(view["id"], None)

    def _update(self, view: Record, content: object) -> None:
        try:
            view.update(sound(content))
        except SlackError:
            view["errors"] = {"view": "The answer holds no view that Slack can show."}

    async def close(self, view: Record) -> Record:
        """Close a modal; the application hears of it only if it asked to."""
        self.workspace.store.table("views").pop(view["id"], None)
        if not view["notify_on_close"]:
            return {"said": "Closed."}
        common = self.interactions.common("view_closed", self._person(view))
        attempt = await self.interactions.post({**common, "view": shown(view), "is_cleared": False})
        return outcome(attempt, [], error=trouble(attempt), immediate=None)

    def _person(self, view: Record) -> Record:
        person = self.workspace.person(view["opened_by"])
        if person is None:
            raise BadParam("whoever opened this view is gone")
        return person
