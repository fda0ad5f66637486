"""What the control API can make any partner do."""

from __future__ import annotations

from fnmatch import fnmatchcase

from .control import Action, Reading
from .faults import Fault, Faults
from .grants import Grants
from .journal import Journal
from .later import Later
from .params import BadParam, Params
from .store import Record, Store


class CommonActions:
    """Faults, journal, clock, settings and the end of a grant."""

    def __init__(
        self, store: Store, journal: Journal, *, faults: Faults, grants: Grants, later: Later
    ) -> None:
        self._store = store
        self._journal = journal
        self._faults = faults
        self._grants = grants
        self._later = later

    def actions(self) -> dict[str, Action]:
        return {
            "faults": self.arm,
            "faults/clear": self.disarm,
            "journal/clear": self.forget,
            "clock": self.forward,
            "settle": self.settle,
            "revoke": self.revoke,
            "expire": self.expire,
            "reset": self.reset,
        }

    def readings(self) -> dict[str, Reading]:
        return {"faults": self.armed, "journal": self.journal, "settings": self.settings}

    async def arm(self, params: Params, _: str) -> Record:
        """Let calls that match path (and method) go wrong, `times` times (0: until cleared)."""
        self._faults.armed.append(Fault.asked(params))
        return self.armed({})

    async def disarm(self, _: Params, __: str) -> Record:
        """Clear all faults."""
        self._faults.armed.clear()
        return self.armed({})

    async def forget(self, _: Params, __: str) -> Record:
        """Clear the journal."""
        self._journal.clear()
        return {"said": "The journal is empty."}

    async def forward(self, params: Params, _: str) -> Record:
        """Put this partner's clock forward by `forward` seconds (negative: back)."""
        self._store.forward(params.decimal("forward"))
        return {"now": self._store.now()}

    async def settle(self, _: Params, __: str) -> Record:
        """Answer when all that goes on in the background is done."""
        await self._later.settle()
        return {"said": "Nothing is under way."}

    async def revoke(self, params: Params, _: str) -> Record:
        """Take back all that `account` granted."""
        return {"revoked": self._grants.revoke(self._account(params))}

    async def expire(self, params: Params, _: str) -> Record:
        """Let the access tokens of `account` run out now; refresh tokens stay good."""
        return {"expired": self._grants.expire(self._account(params))}

    async def reset(self, _: Params, __: str) -> Record:
        """Begin again with the demo world: no tokens, hooks, deliveries, faults or journal."""
        settings = self._store.table("settings")
        self._store.reset()
        self._store.table("settings").update(settings)
        self._journal.clear()
        self._faults.armed.clear()
        return {"said": "Everything is as on the first day."}

    def armed(self, _: Record) -> Record:
        return {"faults": [fault.as_record() for fault in self._faults.armed]}

    def journal(self, query: Record) -> Record:
        """Calls and sends, oldest first; ?path= takes a shell pattern."""
        pattern = query.get("path", "*")
        calls = [call for call in self._journal.calls if fnmatchcase(call["path"], pattern)]
        return {"calls": calls, "sent": list(self._journal.sent)}

    def settings(self, _: Record) -> Record:
        return {
            key: "********" if "secret" in key else value
            for key, value in self._store.table("settings").items()
        }

    def _account(self, params: Params) -> str:
        account = params.text("account")
        if account not in self._store.table("accounts"):
            raise BadParam(f"no such account: {account}")
        return account
