"""auth.* and apps.uninstall: who am I, and away with me."""

from __future__ import annotations

from ...store import Record
from ..demo import BOT, TEAM
from ..errors import SlackError
from .call import Call


async def test(call: Call) -> Record:
    team = {
        "url": f"https://{TEAM['domain']}.slack.com/",
        "team": TEAM["name"],
        "team_id": TEAM["id"],
        "is_enterprise_install": False,
    }
    if call.token["kind"] == "access":
        return {**team, "user": BOT["name"], "user_id": BOT["user"], "bot_id": BOT["id"]}
    return {**team, "user": call.token["account"], "user_id": call.user}


async def revoke(call: Call) -> Record:
    if call.flag("test"):
        return {"revoked": False}
    tell_later(call, call.world.installation.revoke([call.token]))
    return {"revoked": True}


async def uninstall(call: Call) -> Record:
    """Takes the client's credentials beside the token."""
    if call.text("client_id") != call.world.client.client_id:
        raise SlackError("invalid_client_id")
    if not call.world.client.proves(call.text("client_secret")):
        raise SlackError("bad_client_secret")
    tell_later(call, call.world.installation.uninstall())
    return {}


def tell_later(call: Call, events: list[Record]) -> None:
    """The caller waits for its answer and should not have to hear of itself meanwhile."""
    call.world.later.start(call.world.events.dispatch_all(events))
