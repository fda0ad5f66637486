"""The people in the rooms of a pretend partner say something, and the application is told."""

from __future__ import annotations

from ..control import Action
from ..params import BadParam, Params
from ..sending import Sender
from ..store import Record, Store
from .rooms import Rooms
from .voice import PEOPLE, Sent, Utterance, Voice


class Speaking:
    def __init__(self, voice: Voice, rooms: Rooms, *, store: Store, sender: Sender) -> None:
        self._voice = voice
        self._rooms = rooms
        self._store = store
        self._sender = sender
        self._last: tuple[Utterance, Sent] | None = None

    def actions(self) -> dict[str, Action]:
        return {"say": self.say, "again": self.again, "hook": self.aim}

    async def aim(self, params: Params, origin: str) -> Record:
        """Set where it is told what people say: `url`, and the `secret` that goes along."""
        named = {f"hook_{name}": params.text(name, "") for name in ("url", "secret")}
        self._store.table("settings").update(named)
        return {"said": f"What people say is told to {named['hook_url']}."}

    async def say(self, params: Params, origin: str) -> Record:
        """Say `text` as `person` in `room`, or in place of what stands in `message`; not every
        partner tells of that."""
        uttered = self._uttered(params)
        url = self._store.table("settings").get("hook_url", "")
        if not url or (uttered.edited and not self._voice.edits):
            return {"message": uttered.number, "answer": "", "said": "Nobody was told."}
        self._last = uttered, self._voice.sends(uttered)
        return await self._tell(*self._last, url=url)

    async def again(self, params: Params, origin: str) -> Record:
        """Send once more what was sent last, as after an answer that got lost."""
        if self._last is None:
            raise BadParam("nothing was said so far")
        return await self._tell(*self._last, url=self._store.table("settings")["hook_url"])

    def _uttered(self, params: Params) -> Utterance:
        who, text = params.text("person", "ada"), params.text("text", "")
        room = params.text("room", next(iter(self._rooms.titles)))
        if who not in PEOPLE or room not in self._rooms:
            raise BadParam("there is no such person or room")
        before = params.number("message", 0)
        if before and not self._rooms.edit(before, text):
            raise BadParam(f"there is no message {before}")
        return Utterance(
            PEOPLE[who],
            room,
            self._rooms.titles[room],
            text,
            number=before or self._rooms.post(room, text, who=PEOPLE[who].name),
            now=int(self._store.now()),
            secret=self._store.table("settings").get("hook_secret", ""),
            edited=bool(before),
        )

    async def _tell(self, uttered: Utterance, sent: Sent, *, url: str) -> Record:
        """What comes back stands in the room, too."""
        attempt = await self._sender.post(url, sent.body, headers=dict(sent.headers))
        if answer := self._voice.heard(attempt):
            self._rooms.post(uttered.room, answer, who="I Done This")
        return {"message": uttered.number, "answer": answer, "status": attempt.status}
