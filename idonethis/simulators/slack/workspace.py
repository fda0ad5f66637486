"""The workspace: who and what there is."""

from __future__ import annotations

from typing import Any

from ..params import BadParam, Params
from ..store import Record, Store
from .demo import BOT, channel


class Workspace:
    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def people(self) -> list[Record]:
        return list(self.store.table("accounts").values())

    @property
    def channels(self) -> list[Record]:
        return list(self.store.table("channels").values())

    @property
    def installation(self) -> Record:
        return self.store.table("installation")

    @property
    def now(self) -> float:
        return self.store.now()

    def address(self, setting: str) -> str:
        """Where the application listens. Raises BadParam when nobody said so."""
        url = self.store.table("settings").get(setting, "")
        if not url:
            raise BadParam(f"{setting} is not set; nothing was sent")
        return str(url)

    def person(self, user: Any) -> Record | None:
        return next((person for person in self.people if person["id"] == user), None)

    def channel(self, name: Any) -> Record | None:
        """By id, or by name with or without #."""
        wanted = str(name or "").removeprefix("#")
        return next((c for c in self.channels if wanted and wanted in (c["id"], c["name"])), None)

    def direct(self, user: str) -> Record:
        """The direct messages between the bot and a person, opened when they are not yet."""
        number = f"D{user[1:]}"
        direct = channel(number, "directmessage", [user, BOT["user"]], is_private=True)
        opened: Record = self.store.table("channels").setdefault(number, {**direct, "is_im": True})
        return opened

    def new_ts(self) -> str:
        """The id of a message: seconds, and a number that grows."""
        return f"{int(self.now)}.{self.store.next_id('ts', 100) % 1_000_000:06d}"

    def asked_account(self, params: Params) -> Record:
        """The person in a control call. Raises BadParam."""
        login = params.text("account", "ada")
        account: Record | None = self.store.table("accounts").get(login)
        if account is None:
            raise BadParam(f"no such account: {login}")
        return account

    def asked_channel(self, params: Params) -> Record:
        """The channel in a control call. Raises BadParam."""
        name = params.text("channel", "done")
        found = self.channel(name)
        if found is None:
            raise BadParam(f"no such channel: {name}")
        return found

    def asked_message(self, params: Params) -> Record:
        """The message in a control call, without ts the newest. Raises BadParam."""
        messages = self.asked_channel(params)["messages"]
        ts = params.text("ts", messages[-1]["ts"] if messages else "")
        for message in messages:
            if message["ts"] == ts:
                found: Record = message
                return found
        raise BadParam(f"no such message: {ts or 'the channel is empty'}")


def seen_by(channel: Record, user: str) -> bool:
    """Whether that user knows of the channel."""
    return not channel["is_private"] or user in channel["members"]
