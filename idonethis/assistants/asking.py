from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from idonethis.accounts.limits import pace
from idonethis.accounts.models import ApiToken, User
from idonethis.accounts.tokens import Scope
from idonethis.entries.drafts import Origin
from idonethis.entries.models import Entry
from idonethis.entries.programs import origin_of
from idonethis.entries.text import clean
from idonethis.integrations.models import IntegrationLink
from idonethis.teams.models import Team

#: By this, whoever starts an assistant holds it to drafts, whatever its token may do besides.
ONLY_DRAFTS = "Idonethis-Only-Drafts"
DRAFTING = frozenset((Scope.READ.value, Scope.DRAFT.value))


class Refused(Exception):
    """Nothing was done. The message is fit for people: what happened and what to do. ``wants``: the
    scopes that would have been needed, where those are what is missing."""

    def __init__(self, sentence: str, *, wants: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.wants = wants


@dataclass(frozen=True)
class Asking:
    """For whom an assistant asks, by which token, and what that lets it do."""

    request: HttpRequest
    user: User
    token: ApiToken

    @property
    def scopes(self) -> frozenset[str]:
        """Who may write may draft, too."""
        held = frozenset(self.token.scopes)
        held |= {Scope.DRAFT.value} if Scope.WRITE.value in held else frozenset()
        return held & DRAFTING if ONLY_DRAFTS in self.request.headers else held

    @property
    def origin(self) -> Origin:
        return origin_of(self.token.name)

    @property
    def is_trusted(self) -> bool:
        """Whether what it logs is there for everybody at once."""
        return Scope.WRITE.value in self.scopes

    def wait_its_turn(self, action: str) -> None:
        """``action`` is one of those whose rates stand in ``ACCOUNT_RATE_LIMITS``. Raises
        Refused."""
        found = pace(self.request, self.user, action)
        if found and not found.allowed:
            raise Refused(found.refusal)

    def teams(self, said: str) -> list[Team]:
        """The one that is meant, or all of theirs. Raises Refused."""
        return [self.team(said)] if said else list(Team.objects.for_user(self.user))

    def team(self, said: str) -> Team:
        """By its id or its name; without either, the only one in which they write. Raises
        Refused."""
        if not said:
            return self._only_team()
        sought = clean(said).strip()
        for team in Team.objects.for_user(self.user):
            if sought == team.hash_id or sought.casefold() == team.name.casefold():
                return team
        raise Refused(
            "There is no such team among yours, so nothing was done. The tool teams lists them."
        )

    def _only_team(self) -> Team:
        found = list(Team.objects.filter(memberships__in=self.user.memberships.writing())[:2])
        if len(found) != 1:
            raise Refused(
                "Say in which team, since there is more than one or none. Nothing was done. The "
                "tool teams lists them."
            )
        return found[0]

    def writable(self, said: str) -> Team:
        """Raises Refused."""
        team = self.team(said)
        if not team.has_writer(self.user):
            raise Refused("You only read in this team. Nothing was logged.")
        return team

    def changeable(self, hash_id: str) -> Entry:
        """Also one that was removed. Raises Refused."""
        mine = Entry.objects.visible_to(self.user).select_related("team", "user")
        found = mine.filter(hash_id=clean(hash_id)).first()
        if found is None:
            raise Refused("There is no such entry in your teams, so nothing was done.")
        if not found.can_change(self.user):
            raise Refused("Only its author and the team's admins change it. Nothing changed.")
        return found

    def link(self, hash_id: str) -> IntegrationLink:
        """One of which this person may read what came in. Raises Refused."""
        mine = IntegrationLink.objects.manageable_by(self.user).select_related("team", "user")
        found = mine.filter(hash_id=clean(hash_id)).first()
        if found is None:
            raise Refused(
                "There is no such link that you manage, so nothing was done. The tool connections "
                "lists what your teams are linked to."
            )
        return found
