"""What it would change that an account at a partner is said to be somebody, worked out by doing it
and taking it back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from idonethis.accounts.models import User
from idonethis.integrations.models.backfill_plan import Imagined, imagine
from idonethis.integrations.models.claiming import known_as, waiting_for
from idonethis.integrations.models.replay_plan import PLANNED, SAMPLE
from idonethis.integrations.models.rereading import reread
from idonethis.integrations.models.trying import leaving_nothing
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson


@dataclass(frozen=True)
class MatchPlan:
    """Of the ``total`` events that wait, the first ``planned`` become ``results``."""

    person: UnclaimedPerson
    user: User
    total: int
    results: Counter[str]
    sample: tuple[Imagined, ...]

    @classmethod
    def of(cls, person: UnclaimedPerson, user: User) -> MatchPlan:
        waiting = waiting_for(person.key, person.integration_type, team=person.team).order_by("pk")
        with leaving_nothing():
            known_as(person, user, evidence="assigned")
            read = list(reread(waiting[:PLANNED]))
            sample = tuple(imagine(each.outcome) for each in read[:SAMPLE])
        results = Counter(each.result.value for each in read)
        return cls(person, user, waiting.count(), results, sample)

    @property
    def planned(self) -> int:
        return min(self.total, PLANNED)
