"""How suggestions are found, and moved from state to state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft, Growing
from idonethis.entries.models.thing import stored_key
from idonethis.entries.traces import Traces
from idonethis.teams.models import Team

#: How long a suggestion waits for its person.
WAITS = timedelta(days=14)


class State(models.TextChoices):
    PENDING = "pending", "Waits"
    ACCEPTED = "accepted", "Logged"
    DISMISSED = "dismissed", "Dismissed"
    EXPIRED = "expired", "Not decided in time"
    RETRACTED = "retracted", "Taken back where it came from"


class SuggestionQuerySet(models.QuerySet[Any]):
    def of(self, user: User) -> Self:
        """Those of this person, in the teams in which they write. Nobody else may read them."""
        writing = user.memberships.writing()
        return self.filter(user=user, team__memberships__in=writing)

    def legible_to(self, user: User) -> Self:
        """Those of which this person may read what they came of: their own, and what was logged."""
        return self.filter(models.Q(user=user) | models.Q(state=State.ACCEPTED))

    def accepted(self, name: str) -> Any:
        """The one of this name, if its person has said yes to it."""
        return self.filter(hash_id=name, state=State.ACCEPTED).first() if name else None

    def pending(self) -> Self:
        return self.filter(state=State.PENDING)

    def undecided(self) -> Self:
        """Those to which their person may still say yes or no."""
        return self.filter(state__in=[State.PENDING, State.EXPIRED])

    def missed(self) -> Self:
        """Those that have waited in vain, for as long again."""
        expired = self.filter(state=State.EXPIRED)
        return expired.filter(moved_at__gt=timezone.now() - WAITS)

    def overdue(self) -> Self:
        return self.pending().filter(expires_at__lte=timezone.now())

    def about(self, draft: Draft, *, team: Team, user: User) -> Any:
        return self.under(key_of(draft, user), team=team)

    def under(self, key: str, *, team: Team) -> Any:
        found = self.filter(team=team, key=stored_key(key)).select_related("team", "user")
        return found.first()

    def draft(self, said: Draft, *, team: Team, user: User, label: str) -> Any:
        """What a program of this person would log for them waits until they say yes. The same key
        again is the same one, whatever it says."""
        words = {"kind": said.kind, "body": said.body, "day": said.day or user.today()}
        kept = {"user": user, "label": label[:120], "expires_at": timezone.now() + WAITS}
        made, _ = self.get_or_create(
            team=team, key=stored_key(said.key), defaults={**words, **kept}
        )
        return made

    def drafted(self) -> Self:
        """Those that a program drafted."""
        return self.filter(link=None)

    def erase(self, traces: Traces) -> None:
        """Somebody’s words go from what waits for others."""
        for each in self.iterator():
            details = [{**one, "text": traces.erased(one["text"])} for one in each.details]
            said = (traces.erased(each.body), traces.erased(each.counted_body), details)
            if said != (each.body, each.counted_body, each.details):
                each.body, each.counted_body, each.details = said
                each.save(update_fields=["body", "counted_body", "details"])

    def move_to(self, state: str) -> list[str]:
        """Decides these, and returns their public names."""
        names = list(self.values_list("hash_id", flat=True))
        self.filter(hash_id__in=names).update(state=state, moved_at=timezone.now())
        return names


def key_of(draft: Draft, user: User) -> str:
    """What would grow is one suggestion a day, everything else one for each thing."""
    if isinstance(draft, Growing) and draft.occurred_at:
        day = draft.day_for(user.day_of(draft.occurred_at))
        return draft.key_on(day, who=user.hash_id)
    return draft.key
