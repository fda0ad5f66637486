"""What those do who look after the workspace and the application."""

from __future__ import annotations

from dataclasses import dataclass

from ..grants import Grants
from ..params import BadParam, Params
from ..store import Record
from .demo import BOT, TEAM
from .world import World

SETTINGS = ("signing_secret", "events_url", "slash_url", "interactivity_url", "subscriptions")


@dataclass(frozen=True)
class Admins:
    world: World
    grants: Grants

    async def configure(self, params: Params, _: str) -> Record:
        """Set addresses, secret and subscriptions; a new events_url must pass the handshake."""
        given = {name: params.text(name) for name in SETTINGS if params.get(name)}
        settings = self.world.workspace.store.table("settings")
        settings.update({name: given[name] for name in given if name != "events_url"})
        if "events_url" not in given:
            return {"configured": sorted(given)}
        handshake = await self.world.events.verify(given["events_url"])
        if handshake["verified"]:
            settings["events_url"] = given["events_url"]
        said = "Verified." if handshake["verified"] else "The challenge did not come back."
        return {"configured": sorted(given), "said": said, **handshake}

    async def verify(self, _: Params, __: str) -> Record:
        """Send the url_verification handshake to the events_url that is set."""
        return await self.world.events.verify(self.world.workspace.address("events_url"))

    async def invite(self, params: Params, _: str) -> Record:
        """Invite the application into `channel`; `account` does it."""
        channel = self.world.workspace.asked_channel(params)
        if BOT["user"] in channel["members"]:
            return {"said": f"The app was in #{channel['name']} before."}
        channel["members"].append(BOT["user"])
        event = {
            "type": "member_joined_channel",
            "user": BOT["user"],
            "channel": channel["id"],
            "channel_type": "G" if channel["is_private"] else "C",
            "team": TEAM["id"],
            "inviter": self.world.workspace.asked_account(params)["id"],
        }
        told = await self.world.events.tell("member_joined_channel", event)
        return {"said": f"The app is in #{channel['name']}.", "event": told}

    async def kick(self, params: Params, _: str) -> Record:
        """Remove the application from `channel`."""
        channel = self.world.workspace.asked_channel(params)
        if BOT["user"] not in channel["members"]:
            raise BadParam(f"the app is not in #{channel['name']}; nothing was changed")
        channel["members"].remove(BOT["user"])
        return {"said": f"The app is out of #{channel['name']}."}

    async def archive(self, params: Params, _: str) -> Record:
        """Archive `channel`, or bring it back with `undo`."""
        channel = self.world.workspace.asked_channel(params)
        channel["is_archived"] = not params.flag("undo")
        kind = "channel_archive" if channel["is_archived"] else "channel_unarchive"
        by = self.world.workspace.asked_account(params)["id"]
        event = {"type": kind, "channel": channel["id"], "user": by}
        told = await self.world.events.tell("channel_archive", event)
        return {"said": f"#{channel['name']}: {kind}.", "event": told}

    async def rename(self, params: Params, _: str) -> Record:
        """Give `channel` another `name`."""
        channel = self.world.workspace.asked_channel(params)
        channel["name"] = params.text("name")
        about = {"id": channel["id"], "name": channel["name"]}
        event = {"type": "channel_rename", "channel": about}
        return {"event": await self.world.events.tell("channel_rename", event)}

    async def event(self, params: Params, _: str) -> Record:
        """Send any inner `event` (an object with a type), whatever is subscribed."""
        event = params.record("event")
        if "type" not in event:
            raise BadParam("event is an object with a type; nothing was sent")
        self.world.workspace.address("events_url")
        return await self.world.events.dispatch(event)

    async def revoke(self, params: Params, _: str) -> Record:
        """Revoke all tokens that `account` granted, and tell the application."""
        tokens = self.grants.of(self.world.workspace.asked_account(params)["login"])
        living = [token for token in tokens if not token["revoked"]]
        events = await self.world.events.dispatch_all(self.world.installation.revoke(tokens))
        return {"revoked": len(living), "events": events}

    async def uninstall(self, _: Params, __: str) -> Record:
        """Remove the application from the workspace, and tell it."""
        events = await self.world.events.dispatch_all(self.world.installation.uninstall())
        return {"said": "I Done This is removed; all its tokens are dead.", "events": events}
