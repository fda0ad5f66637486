"""How much may go to partners by now: a bucket for each thing for which a partner counts, into
which a token falls now and then, and out of which each request takes one. It is held in the
database, so that all processes and machines share it, and by its clock, so that they agree."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from idonethis.integrations import registry
from idonethis.integrations.answers import Again, until_more
from idonethis.integrations.http import Client
from idonethis.integrations.paces import Each, Pace

#: For so long the clock of a database may seem to stand still, in seconds.
TICK = 0.005
#: Longer than any bucket takes to fill, in seconds.
LONG = 24 * 3600.0
#: So many empty ones are known of before a link is picked up; of others it is found out then.
MOST_EMPTY = 300


class Empty(Exception):
    """Nothing can be taken out of the bucket of this name just now."""


class Instant(models.Func):
    """Seconds since 1970 by the clock of the database, also within a transaction."""

    output_field = models.FloatField()
    arity = 0

    def as_sqlite(
        self, compiler: Any, connection: Any, **_: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return "((julianday('now') - 2440587.5) * 86400.0)", ()

    def as_postgresql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        return "EXTRACT(EPOCH FROM clock_timestamp())::double precision", []


class BucketQuerySet(models.QuerySet["Bucket"]):
    def of(self, link: Any) -> list[tuple[str, Pace]]:
        """The names of the buckets that this link takes from, with how they fill: the narrow ones
        first."""
        return [(_name(link, pace.each), pace) for pace in paces_of(link)]

    def empty(self) -> BucketQuerySet:
        return self.filter(opens_at__gt=Instant() + TICK) if settings.PACED else self.none()

    def left(self) -> dict[str, float]:
        """The empty ones, and in how many seconds each has something again."""
        seconds = models.ExpressionWrapper(F("opens_at") - Instant(), models.FloatField())
        found = self.empty().annotate(seconds=seconds).order_by("-opens_at")
        return dict(found.values_list("name", "seconds")[:MOST_EMPTY])

    def take(self, link: Any, *, sparing: float = 0.0) -> None:
        """A token for one request by this link, out of each of its buckets; raises Empty, which is
        to undo the transaction around. That share of what goes out at once is left for others."""
        for name, pace in self.of(link):
            if not (self._take(name, pace, sparing) or self._begin(name, pace)):
                raise Empty(name)

    def _take(self, name: str, pace: Pace, sparing: float) -> int:
        """Decided by one statement, so whoever comes second sees what the first has left."""
        spared = int(pace.at_once * sparing) * pace.interval
        full = self.filter(name=name, opens_at__lte=Instant() + TICK - spared)
        rested = Greatest(F("opens_at"), Instant() - pace.rest)
        return full.update(opens_at=rested + pace.interval)

    def _begin(self, name: str, pace: Pace) -> int:
        """The first time, a bucket is full. Who made it at the same time took nothing out of it."""
        if self.filter(name=name).exists():
            return 0
        self.bulk_create([Bucket(name=name)], ignore_conflicts=True)
        return self._take(name, pace, 0.0)

    def heed(self, link: Any, client: Client | None) -> None:
        """What came of a token: one request, or several, or none; and perhaps the partner said that
        it was the last that it takes for a while."""
        last = client.last if client else None
        self._pay(link, last.before if last else -1)
        if last and last.answer:
            self.close(link, until_more(last.answer.headers))

    def _pay(self, link: Any, more: int) -> None:
        for name, pace in self.of(link) if more else ():
            self.filter(name=name).update(opens_at=F("opens_at") + more * pace.interval)

    def close(self, link: Any, seconds: float | None) -> None:
        """The partner wants to hear nothing for so long, from nobody for whom it counts together:
        said of the narrowest."""
        for name, _ in self.of(link)[:1] if seconds else ():
            self.bulk_create([Bucket(name=name)], ignore_conflicts=True)
            later = Greatest(F("opens_at"), Instant() + float(seconds or 0))
            self.filter(name=name).update(opens_at=later)

    def open(self, link: Any) -> None:
        """A person wants it tried now, whatever the partner has said."""
        names = [name for name, _ in self.of(link)]
        self.empty().filter(name__in=names).update(opens_at=Instant())

    def wait(self, names: Iterable[str]) -> float:
        """Until one more may go out by all of these, in seconds."""
        left = self.filter(name__in=names).aggregate(left=models.Max(F("opens_at") - Instant()))
        return max(left["left"] or 0.0, 0.0)

    def forget(self) -> None:
        """A bucket that has been full for long is as good as one that was never used."""
        self.filter(opens_at__lt=Instant() - LONG).delete()


class Bucket(models.Model):
    """One number says it all: from when on another may be taken, in seconds since 1970. The longer
    ago that is, the more may be taken at once. So nobody who dies takes anything with them, and
    nothing need be filled. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm"""

    name = models.CharField(max_length=400, primary_key=True)
    opens_at = models.FloatField(default=0.0)

    objects: ClassVar[BucketQuerySet] = BucketQuerySet.as_manager()  # type: ignore[assignment]


def paces_of(link: Any) -> tuple[Pace, ...]:
    integration = registry.get(link.integration_type)
    return integration.paces if integration and settings.PACED else ()


def spare(link: Any) -> None:
    """For what is not urgent: takes a token unless that would hold up what is. Raises Again."""
    try:
        with transaction.atomic():
            Bucket.objects.take(link, sparing=1 / 2)
    except Empty:
        sentence = f"{link.integration.name} takes {paces_of(link)[0]}, and what is new goes first."
        raise Again(sentence, after=max(waits(link)[1], 1.0)) from None


def waits(link: Any) -> tuple[Pace | None, float]:
    """Which pace keeps this link waiting, and for how many seconds; None, where none does."""
    left = {pace: Bucket.objects.wait([name]) for name, pace in Bucket.objects.of(link)}
    slowest = max(left, key=lambda pace: left[pace], default=None)
    return (slowest, left[slowest]) if slowest and left[slowest] else (None, 0.0)


def _name(link: Any, each: Each) -> str:
    kind, account = link.integration_type, link.integration_user_id
    if each is Each.APPLICATION:
        return str(kind)
    if each is Each.GRANT and account:
        return f"{kind}/{account}"
    if each is Each.PLACE and account and link.subject:
        return f"{kind}/{account}/{link.subject}"
    return f"{kind}//{link.hash_id}"


def taking_from(names: Iterable[str]) -> Q:
    """The links that take from buckets of these names."""
    return reduce(or_, map(_taking_from, names), Q(pk__in=[]))


def _taking_from(name: str) -> Q:
    kind, account, place = [*name.split("/", 2), "", ""][:3]
    if not account:
        return Q(hash_id=place) if place else Q(integration_type=kind)
    return Q(integration_user=account, subject=place) if place else Q(integration_user=account)
