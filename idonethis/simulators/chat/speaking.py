"""The people in the rooms of a pretend partner say something, and the application is told."""

from __future__ import annotations

from dataclasses import replace

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
        self._last: tuple[Utterance, list[tuple[str, Sent]]] | None = None

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
        told = self._told(uttered)
        if not told or (uttered.edited and not self._voice.edits):
            return {"message": uttered.number, "answer": "", "said": "Nobody was told."}
        self._last = uttered, told
        return await self._tell(uttered, told)

    def _told(self, uttered: Utterance) -> list[tuple[str, Sent]]:
        """What goes to which address: to that which a person entered, else to the webhooks that
        were made."""
        settings = self._store.table("settings")
        entered = settings.get("hook_url", ""), settings.get("hook_secret", "")
        listening = self._voice.listening(self._rooms.hooks, uttered)
        where = [entered] if entered[0] else listening
        return [(url, self._voice.sends(replace(uttered, secret=key))) for url, key in where]

    async def again(self, params: Params, origin: str) -> Record:
        """Send once more what was sent last, as after an answer that got lost."""
        if self._last is None:
            raise BadParam("nothing was said so far")
        return await self._tell(*self._last)

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
            secret="",
            edited=bool(before),
        )

    async def _tell(self, uttered: Utterance, told: list[tuple[str, Sent]]) -> Record:
        """What comes back stands in the room, too."""
        answers, statuses = [], []
        for url, sent in told:
            attempt = await self._sender.post(url, sent.body, headers=dict(sent.headers))
            statuses.append(attempt.status)
            answers.append(self._voice.heard(attempt))
        for answer in filter(None, answers):
            self._rooms.post(uttered.room, answer, who="I Done This")
        return {"message": uttered.number, "answer": "".join(answers), "status": statuses[0]}
