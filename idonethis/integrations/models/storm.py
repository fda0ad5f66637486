from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.drafts import Detail, Draft, Growing, Origin
from idonethis.integrations.models.incident import Incident, Kind
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.link_states import By, State
from idonethis.prepared import Prepared
from idonethis.ui.words import numbered

#: What is said of an event that is held.
HELD = "It came in a storm and is held until somebody decides what becomes of it."


#: What became of the events of a storm, by the choice that was made.
BECAME = {"log": "logged", "fold": "logged as one entry a person", "drop": "dropped"}


def _move(link: int, state: State, *, to: State, by: By) -> None:
    """Only from this state: one that is paused or in trouble stays that."""
    found = IntegrationLink.objects.select_for_update().filter(pk=link, state=state).first()
    if found:
        found.move(to, by=by)


class StormQuerySet(models.QuerySet["Storm"]):
    def under_way(self) -> StormQuerySet:
        return self.filter(ended_at=None).select_related("link__team", "released_by")

    def all_under_way(self) -> list[Storm]:
        return UNDER_WAY()

    def holding(self) -> StormQuerySet:
        """Those in which whatever comes is held."""
        return self.filter(released_at=None)

    def stormy(self) -> set[int]:
        """The links by which whatever comes is held."""
        return set(STORMY())

    def last_receipt_of(self, link: int) -> int:
        """The last that storms of this link have let out; 0 where there was none."""
        return self.filter(link=link).aggregate(last=models.Max("last_receipt"))["last"] or 0

    @transaction.atomic
    def begin(self, link: int, *, began_at: datetime, first_receipt: int) -> None:
        """From now on whatever comes by this link is held. What was let out of a storm before does
        not belong to this one."""
        first = {
            "began_at": began_at,
            "first_receipt": max(first_receipt, self.last_receipt_of(link) + 1),
        }
        storm, is_new = self.get_or_create(link_id=link, released_at=None, defaults=first)
        if is_new:
            _move(link, State.ACTIVE, to=State.STORM_HELD, by=By.SERVER)
            storm.tell()


UNDER_WAY = Prepared(lambda: Storm.objects.under_way())
STORMY = Prepared(lambda: Storm.objects.holding().values_list("link_id", flat=True))


class Storm(models.Model):
    """A link suddenly sends far more than usual. What it sends is stored and acknowledged as ever,
    but held, until a person says what becomes of it."""

    class Choice(models.TextChoices):
        LOG = "log", "Log them all"
        FOLD = "fold", "Log them as one entry a person"
        DROP = "drop", "Drop them"

    link = models.ForeignKey(IntegrationLink, models.CASCADE, related_name="storms")
    #: When the first of it was received, and which receipt that was; what is before is not of it.
    began_at = models.DateTimeField()
    first_receipt = models.BigIntegerField()
    choice = models.CharField(max_length=4, choices=Choice.choices, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    #: How many receipts were held when the choice was made, and the last of them.
    events = models.PositiveIntegerField(default=0)
    last_receipt = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[StormQuerySet] = StormQuerySet.as_manager()  # type: ignore[assignment]
    incidents: Any

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link"], condition=models.Q(released_at=None), name="one_storm"
            )
        ]
        indexes = [
            models.Index(
                fields=["link"], condition=models.Q(ended_at=None), name="storms_under_way"
            )
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"A storm from {self.link}"

    def tell(self) -> None:
        """Those who look after the link, once: it is they who decide."""
        limit = numbered(settings.STORM_LIMIT, "entry", "entries")
        why = f"More than {limit} came within a minute: more than a team could mean."
        Incident.objects.keep(Kind.STORM, why, self.link.integration_type, storm=self)

    @property
    def what_became(self) -> str:
        return BECAME[self.choice]

    @transaction.atomic
    def decide(self, choice: str, *, by: User | None, **held: Any) -> bool:
        """False: somebody else has decided meanwhile, and nothing has changed."""
        now = timezone.now()
        undecided = type(self).objects.holding().filter(pk=self.pk)
        decided = undecided.update(choice=choice, released_by=by, released_at=now, **held)
        if decided:
            _move(self.link_id, State.STORM_HELD, to=State.ACTIVE, by=By.PERSON)
            self.link.record("storm.released", choice=choice)
            for incident in self.incidents.standing():
                incident.close(recovered=False)
        return bool(decided)

    def end(self) -> None:
        self.ended_at = timezone.now()
        self.save(update_fields=["ended_at"])

    def folded(self, draft: Draft, origin: Origin) -> Growing:
        """The draft as a part of the one entry that this storm makes for its person."""
        own = (Detail(draft.key, draft.body, draft.url),)
        return Growing(
            body=f"{{count}} event{{s}} in a storm from {origin.label}"[:400],
            kind=draft.kind,
            key=f"storm:{self.pk}:{draft.kind}",
            occurred_at=self.began_at,
            actor=draft.actor,
            details=draft.details if isinstance(draft, Growing) else own,
        )
