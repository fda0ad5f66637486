"""Addresses at which calendars and feed readers of a person read what that person may see, without
signing in. Whoever has an address reads the same, until it is exchanged or withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.signing import Signer
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.entries.models import Entry
from idonethis.entries.models.entry import EntryQuerySet
from idonethis.ids import hash_id
from idonethis.teams.models import Membership, Team

#: An address names a feed and which turn it is, and is signed with 256 bits: nothing of it is kept,
#: so whoever has stolen the database has no address.
ADDRESSES = Signer(salt="idonethis.feeds", sep="~")
#: How exact ``last_read_at`` is: not every look is a write.
EXACT = timedelta(hours=1)


class FeedQuerySet(models.QuerySet["Feed"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user).select_related("user", "membership__team")

    @transaction.atomic
    def make(self, user: User, membership: Membership | None = None) -> Feed:
        """Of this team, or else of all that this person logs. There is one of each."""
        made, is_new = self.get_or_create(user=user, membership=membership)
        if is_new:
            made.record("feed.made")
        return made

    def at(self, token: str) -> Feed:
        """Raises BadSignature where there never was such an address, and DoesNotExist where it is
        good no more."""
        name, _, turn = ADDRESSES.unsign(token).rpartition(ADDRESSES.sep)
        readable = self.filter(user__is_active=True).select_related("user", "membership__team")
        return readable.get(hash_id=name, turn=int(turn))


class Feed(models.Model):
    """Of a team it is a member's, and ends with the membership; without one it is of all that its
    person logs."""

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    membership = models.OneToOneField(Membership, models.CASCADE, null=True, related_name="feed")
    turn = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(null=True)

    objects: ClassVar[FeedQuerySet] = FeedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(membership=None), name="one_feed_of_a_person"
            )
        ]

    def __str__(self) -> str:
        return str(self.team or self.user)

    @property
    def team(self) -> Team | None:
        membership: Membership | None = self.membership
        return membership.team if membership else None

    @property
    def page(self) -> str:
        """Where people read the same."""
        path = self.team.get_absolute_url() if self.team else reverse("my_log")
        return f"{settings.BASE_URL}{path}"

    @property
    def token(self) -> str:
        return ADDRESSES.sign(f"{self.hash_id}{ADDRESSES.sep}{self.turn}")

    @property
    def calendar_url(self) -> str:
        return settings.BASE_URL + reverse("read_calendar", args=[self.token])

    @property
    def atom_url(self) -> str:
        return settings.BASE_URL + reverse("read_atom", args=[self.token])

    @property
    def entries(self) -> EntryQuerySet:
        """What its person sees now, in reading order."""
        seen = Entry.objects.visible_to(self.user).alive()
        found = seen.for_team(self.team) if self.team else seen.for_user(self.user)
        return found.select_related("user", "team").order_by("-occurred_on", "-occurred_at", "-id")

    def note_read(self) -> None:
        now = timezone.now()
        earlier = models.Q(last_read_at=None) | models.Q(last_read_at__lt=now - EXACT)
        Feed.objects.filter(earlier, pk=self.pk).update(last_read_at=now)

    @transaction.atomic
    def rotate(self) -> None:
        """From now on it is at another address, and the old one is good no more."""
        self.turn, self.last_read_at = self.turn + 1, None
        self.save(update_fields=["turn", "last_read_at"])
        self.record("feed.rotated")

    @transaction.atomic
    def withdraw(self) -> None:
        self.record("feed.withdrawn")
        self.delete()

    def record(self, action: str) -> None:
        details: dict[str, Any] = {"person": self.user.hash_id}
        record(action, self, team=self.team, **details)
