"""The control API of pretend Slack."""

from __future__ import annotations

from dataclasses import dataclass

from ..control import Action, Reading
from ..grants import Grants
from ..params import Params
from ..store import Record
from . import views
from .admins import Admins
from .commands import Commands
from .interactions import Interactions
from .people import People
from .world import World


@dataclass(frozen=True)
class Buttons:
    """What a person or a test makes people in the workspace do with the application."""

    world: World
    grants: Grants

    def actions(self) -> dict[str, Action]:
        people, admins = People(self.world), Admins(self.world, self.grants)
        return {
            "command": self.command,
            "click": self.click,
            "shortcut": self.shortcut,
            "global_shortcut": self.global_shortcut,
            "submit_view": self.submit_view,
            "close_view": self.close_view,
            "messages": self.listed,
            "say": people.say,
            "edit_message": people.edit_message,
            "delete_message": people.delete_message,
            "react": people.react,
            "configure": admins.configure,
            "verify": admins.verify,
            "invite": admins.invite,
            "kick": admins.kick,
            "archive": admins.archive,
            "rename": admins.rename,
            "event": admins.event,
            "revoke": admins.revoke,
            "uninstall": admins.uninstall,
        }

    def readings(self) -> dict[str, Reading]:
        return {"messages": self._messages, "views": self._views, "requests": self._requests}

    @property
    def interactions(self) -> Interactions:
        return Interactions(self.world)

    @property
    def views(self) -> views.Views:
        return views.Views(self.world.workspace, self.interactions)

    async def command(self, params: Params, origin: str) -> Record:
        """`account` types `command` (such as /done) with `text` in `channel`."""
        person = self.world.workspace.asked_account(params)
        channel = self.world.workspace.asked_channel(params)
        command, text = params.text("command", "/done"), params.text("text", "")
        done = await Commands(self.world).type(origin, person, channel, command=command, text=text)
        return {**done, "said": done["error"] or ""}

    async def click(self, params: Params, origin: str) -> Record:
        """`account` presses `action_id` of the message `ts` in `channel`; where several blocks
        have one, written `block_id/action_id`."""
        person = self.world.workspace.asked_account(params)
        channel = self.world.workspace.asked_channel(params)
        message = self.world.workspace.asked_message(params)
        done = await self.interactions.click(
            origin, person, channel, message=message, action_id=params.text("action_id")
        )
        return {**done, "said": done["error"] or ""}

    async def shortcut(self, params: Params, origin: str) -> Record:
        """`account` chooses the shortcut `callback_id` of the message `ts` in `channel`."""
        person = self.world.workspace.asked_account(params)
        channel = self.world.workspace.asked_channel(params)
        message = self.world.workspace.asked_message(params)
        callback_id = params.text("callback_id", "log_this")
        done = await self.interactions.message_shortcut(
            origin, person, channel, message=message, callback_id=callback_id
        )
        return {**done, "said": done["error"] or ""}

    async def global_shortcut(self, params: Params, _: str) -> Record:
        """`account` chooses the shortcut `callback_id` that belongs to no message."""
        person = self.world.workspace.asked_account(params)
        return await self.interactions.global_shortcut(person, params.text("callback_id"))

    async def submit_view(self, params: Params, _: str) -> Record:
        """Send off `view` (the last opened) with `values` {block_id: {action_id: value}}."""
        view = self.views.asked(params)
        done = await self.views.submit(view, views.typed(view, params))
        return {**done, "said": done["error"] or ""}

    async def close_view(self, params: Params, _: str) -> Record:
        """Close `view` (the last opened) without sending it off."""
        return await self.views.close(self.views.asked(params))

    async def listed(self, params: Params, _: str) -> Record:
        """The messages of `channel`, oldest first."""
        return {"messages": self.world.workspace.asked_channel(params)["messages"]}

    def _messages(self, query: Record) -> Record:
        return {"messages": self.world.workspace.asked_channel(Params(query))["messages"]}

    def _views(self, _: Record) -> Record:
        return {"views": list(self.world.workspace.store.table("views").values())}

    def _requests(self, _: Record) -> Record:
        return {"requests": self.world.requests.latest}
