"""What stands in the rooms of a pretend partner."""

from __future__ import annotations

from ..store import Record, Store


class Rooms:
    def __init__(self, store: Store) -> None:
        self._store = store

    def __contains__(self, room: str) -> bool:
        return room in self._store.table("rooms")

    @property
    def settings(self) -> Record:
        """Where an application is told what is said, among others."""
        return self._store.table("settings")

    @property
    def hooks(self) -> Record:
        """The webhooks that were made there, by id."""
        return self._store.table("hooks")

    def next_id(self, name: str) -> int:
        return self._store.next_id(name, 9001)

    @property
    def events(self) -> list[Record]:
        """What has happened, in order, for partners that are asked for it."""
        happened: list[Record] = self._store.table("happened").setdefault("events", [])
        return happened

    @property
    def now(self) -> int:
        """In thousandths of a second since 1970."""
        return int(self._store.now() * 1000)

    @property
    def titles(self) -> dict[str, str]:
        return {name: room["title"] for name, room in self._store.table("rooms").items()}

    def post(self, room: str, text: str, *, once: str = "", who: str = "") -> int:
        """The number of the message; of one that came before under the same ``once``, its own.
        ``who`` said it, if it was not posted by an application's call."""
        for message in self._messages(room):
            if once and message["once"] == once:
                return int(message["id"])
        number = self._store.next_id("message", 1001)
        made = {"id": number, "text": text, "edited": False, "once": once, "who": who}
        self._messages(room).append(made)
        return number

    def has(self, number: int) -> bool:
        return self._find(number) is not None

    def edit(self, number: int, text: str) -> bool:
        """False: there is no such message (any more)."""
        found = self._find(number)
        if found:
            found[1].update(text=text, edited=True)
        return found is not None

    def remove(self, number: int) -> bool:
        found = self._find(number)
        if found:
            found[0].remove(found[1])
        return found is not None

    def remove_all(self) -> int:
        every = [self._messages(room) for room in self._store.table("rooms")]
        count = sum(map(len, every))
        for messages in every:
            messages.clear()
        return count

    def _find(self, number: int) -> tuple[list[Record], Record] | None:
        for room in self._store.table("rooms"):
            for message in self._messages(room):
                if message["id"] == number:
                    return self._messages(room), message
        return None

    def _messages(self, room: str) -> list[Record]:
        messages: list[Record] = self._store.table("rooms")[room]["messages"]
        return messages

    def shown(self) -> Record:
        return {
            room["title"]: [dict(message) for message in room["messages"]]
            for room in self._store.table("rooms").values()
        }
