"""chat.*: https://docs.slack.dev/messaging/sending-and-scheduling-messages"""

from __future__ import annotations

from ...store import Record
from .. import pace
from ..demo import BOT, TEAM
from ..errors import SlackError
from ..messages import content_of, public
from .call import Call

LONGEST = 40_000


async def post_message(call: Call) -> Record:
    """Into a channel, or to a person, whose direct messages are opened for it."""
    person = call.world.workspace.person(call.get("channel"))
    channel = call.world.workspace.direct(person["id"]) if person else call.channel()
    check_place(call, channel)
    pace.take(call.world.workspace, channel)
    message = write(call, channel)
    tell_later(call, channel, public(message))
    return {"channel": channel["id"], "ts": message["ts"], "message": public(message)}


def check_place(call: Call, channel: Record) -> None:
    """chat:write.public lets a bot into public channels without joining them."""
    if channel["is_archived"]:
        raise SlackError("is_archived")
    is_bot = call.user == BOT["user"]
    anywhere = is_bot and not channel["is_private"] and "chat:write.public" in call.token["scopes"]
    if call.user not in channel["members"] and not anywhere:
        raise SlackError("not_in_channel")


def write(call: Call, channel: Record, *, ephemeral_to: str | None = None) -> Record:
    content, messages = content_asked(call), call.world.messages
    if call.user == BOT["user"]:
        return messages.by_bot(channel, content, ephemeral_to=ephemeral_to)
    return messages.by_person(channel, call.user, content)


def content_asked(call: Call) -> Record:
    content = content_of(call.arguments)
    if not content.keys() & {"text", "blocks", "attachments"}:
        raise SlackError("no_text")
    if len(str(content.get("text", ""))) > LONGEST:
        raise SlackError("msg_too_long")
    return content


async def post_ephemeral(call: Call) -> Record:
    channel = call.channel()
    check_place(call, channel)
    if call.text("user") not in channel["members"]:
        raise SlackError("user_not_in_channel")
    message = write(call, channel, ephemeral_to=call.text("user"))
    return {"message_ts": message["ts"]}


async def update(call: Call) -> Record:
    channel = call.channel()
    message = call.message(channel)
    if message["user"] != call.user:
        raise SlackError("cant_update_message")
    before = public(message)
    call.world.messages.change(message, content_asked(call))
    changed = {"subtype": "message_changed", "hidden": True, "ts": call.world.workspace.new_ts()}
    tell_later(call, channel, {**changed, "message": public(message), "previous_message": before})
    about = {"channel": channel["id"], "ts": message["ts"], "text": message["text"]}
    return {**about, "message": public(message)}


async def delete(call: Call) -> Record:
    channel = call.channel()
    message = call.message(channel)
    if message["user"] != call.user:
        raise SlackError("cant_delete_message")
    call.world.messages.remove(channel, message)
    gone = {"subtype": "message_deleted", "hidden": True, "deleted_ts": message["ts"]}
    event = {**gone, "ts": call.world.workspace.new_ts(), "previous_message": public(message)}
    tell_later(call, channel, event)
    return {"channel": channel["id"], "ts": message["ts"]}


async def get_permalink(call: Call) -> Record:
    channel, ts = call.channel(), call.text("message_ts")
    if not any(message["ts"] == ts for message in channel["messages"]):
        raise SlackError("message_not_found")
    place = f"https://{TEAM['domain']}.slack.com/archives/{channel['id']}"
    return {"channel": channel["id"], "permalink": f"{place}/p{ts.replace('.', '')}"}


def tell_later(call: Call, channel: Record, event: Record) -> None:
    """What the bot does is told to the application, too, where it listens to messages."""
    call.world.later.start(call.world.events.tell_message(channel, event))
