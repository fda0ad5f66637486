"""Who in a team the people of another log are: by evidence alone, never by a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from idonethis.accounts.models import User
from idonethis.entries.drafts import Actor
from idonethis.integrations.models import IntegrationUser, UnclaimedPerson
from idonethis.porting.brought import IMPORT
from idonethis.teams.models import Team


@dataclass(frozen=True)
class Whose:
    """``said``: whom the rows name. ``known`` in it is who somebody at the terminal said it is."""

    team: Team
    said: Mapping[str, Mapping[str, Any]]

    @cached_property
    def _found(self) -> dict[str, User | None]:
        return {}

    def of(self, key: str) -> User | None:
        if key not in self._found:
            self._found[key] = self._who(key)
        return self._found[key]

    def _who(self, key: str) -> User | None:
        said = self.said.get(key, {})
        if known := said.get("known"):
            return User.objects.filter(hash_id=known).first()
        found = self._same_row(key, said) or self._matched(key)
        return found if found and self.team.has_member(found) else None

    def _same_row(self, key: str, said: Mapping[str, Any]) -> User | None:
        """It was written here: by the same name, and by the same address."""
        return self.team.members.filter(hash_id=key, email=said.get("email", "")).first()

    def _matched(self, key: str) -> User | None:
        actor = self._actor(key)
        return IntegrationUser.objects.who(actor, integration_type=IMPORT, team=self.team)

    def _actor(self, key: str) -> Actor:
        """Where the log was, a mail address was what somebody signed in with."""
        said = self.said.get(key, {})
        email, name = str(said.get("email", "")), str(said.get("name", ""))
        return Actor(email=email, name=name, vouched=True)

    def note(self, key: str) -> None:
        """The team is asked who they are."""
        UnclaimedPerson.objects.note_in(self.team, self._actor(key), integration_type=IMPORT)
