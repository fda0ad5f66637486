from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from idonethis.accounts.tokens import Scope
from idonethis.assistants.asking import Asking, Refused
from idonethis.assistants.telling import EntryTold, Told, draft_told, entry_told
from idonethis.assistants.tool import Adds, Answer
from idonethis.assistants.tools.said import Said
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Change, Entry, Source
from idonethis.ids import hash_id
from idonethis.integrations.models import Suggestion
from idonethis.integrations.models.suggestions import State
from idonethis.teams.models import Team

WAITS = (
    "This is a draft. Only its person sees it, and nothing is in the log before they say yes to it "
    "on its page. Tell them so."
)
LOGGED = "It is in the log, for everybody in the team."
BEFORE = "Under this key it was logged before. Nothing new was logged."
GONE = "Its entry was removed, and stays so. Nothing was logged. Another entry takes another key."
DECLINED = (
    "Under this key, its person has said no, or has not decided in time. Nothing was logged. "
    "Another entry takes another key."
)


class Logged(Told):
    state: Literal["draft", "logged"]
    says: str
    entry: EntryTold


class Log(Said, Adds):
    """Logs what the person got done, plans, or is held up by. Unless they let you write, it is a
    draft that only they see, until they say yes to it."""

    name: ClassVar[str] = "log"
    title: ClassVar[str] = "Log an entry, or draft it"
    scopes: ClassVar[tuple[Scope, ...]] = (Scope.DRAFT, Scope.WRITE)
    gives: ClassVar[type[BaseModel]] = Logged

    key: str = Field(
        "", max_length=200, description="Yours; the same key again is the same entry, not a second"
    )

    def answer(self, asking: Asking) -> Answer:
        team = asking.writable(self.team)
        draft = self.draft(asking.user, self.key or hash_id())
        waiting = Suggestion.objects.under(draft.key, team=team)
        if waiting and waiting.state in (State.DISMISSED, State.EXPIRED):
            raise Refused(DECLINED)
        if asking.is_trusted:
            return self._log(asking, team, draft)
        return self._wait(asking, team, draft)

    def _log(self, asking: Asking, team: Team, draft: Draft) -> Answer:
        told = Source.objects.tell_on_day(draft, team=team, user=asking.user, origin=asking.origin)
        if told.entry is None or told.entry.deleted_at:
            raise Refused(GONE)
        if waiting := Suggestion.objects.under(draft.key, team=team):
            waiting.accept()
        return _logged(told.entry, LOGGED if told.change is Change.CREATED else BEFORE)

    def _wait(self, asking: Asking, team: Team, draft: Draft) -> Answer:
        known = Source.objects.known(team, draft.key)
        if known and known.entry:
            if known.entry.deleted_at:
                raise Refused(GONE)
            return _logged(known.entry, BEFORE)
        found = Suggestion.objects.draft(
            draft, team=team, user=asking.user, label=asking.token.name
        )
        told = Logged(state="draft", says=WAITS, entry=draft_told(found))
        return Answer(told, about=found.hash_id)


def _logged(entry: Entry, says: str) -> Answer:
    told = Logged(state="logged", says=says, entry=entry_told(entry))
    return Answer(told, about=entry.hash_id, team=entry.team)
