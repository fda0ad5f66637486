"""What people write and do among themselves; the application hears of it where it listens."""

from __future__ import annotations

from dataclasses import dataclass

from ..params import Params
from ..store import Record
from .messages import public
from .world import World


@dataclass(frozen=True)
class People:
    world: World

    async def say(self, params: Params, _: str) -> Record:
        """`account` writes `text` in `channel` (or in the thread `thread_ts`)."""
        person = self.world.workspace.asked_account(params)
        channel = self.world.workspace.asked_channel(params)
        thread = {"thread_ts": params.text("thread_ts")} if params.get("thread_ts") else {}
        content = {"text": params.text("text"), **thread}
        message = public(self.world.messages.by_person(channel, person["id"], content))
        event = await self.world.events.tell_message(channel, message)
        return {**message, "event": event}

    async def edit_message(self, params: Params, _: str) -> Record:
        """Whoever wrote the message `ts` in `channel` changes it to `text`."""
        channel = self.world.workspace.asked_channel(params)
        message = self.world.workspace.asked_message(params)
        before = public(message)
        self.world.messages.change(message, {"text": params.text("text")})
        after = {"message": public(message), "previous_message": before}
        return await self._hidden(channel, "message_changed", after)

    async def delete_message(self, params: Params, _: str) -> Record:
        """Delete the message `ts` in `channel`."""
        channel = self.world.workspace.asked_channel(params)
        message = self.world.workspace.asked_message(params)
        self.world.messages.remove(channel, message)
        gone = {"deleted_ts": message["ts"], "previous_message": public(message)}
        return {"said": "Deleted.", **await self._hidden(channel, "message_deleted", gone)}

    async def _hidden(self, channel: Record, subtype: str, facts: Record) -> Record:
        about = {"subtype": subtype, "hidden": True, "ts": self.world.workspace.new_ts()}
        return {"event": await self.world.events.tell_message(channel, {**about, **facts})}

    async def react(self, params: Params, _: str) -> Record:
        """`account` puts `reaction` (such as white_check_mark) on the message `ts`."""
        person = self.world.workspace.asked_account(params)
        channel = self.world.workspace.asked_channel(params)
        message = self.world.workspace.asked_message(params)
        event = {
            "type": "reaction_added",
            "user": person["id"],
            "reaction": params.text("reaction", "white_check_mark"),
            "item": {"type": "message", "channel": channel["id"], "ts": message["ts"]},
            "item_user": message["user"],
        }
        return {"event": await self.world.events.tell("reaction_added", event)}
