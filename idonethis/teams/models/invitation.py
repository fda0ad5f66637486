from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.ids import hook_token
from idonethis.teams.models.team import Membership, Role, Team


def in_two_weeks() -> datetime:
    return timezone.now() + timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(expires_at__gt=timezone.now(), withdrawn_at=None)

    def withdraw(self) -> int:
        return self.update(withdrawn_at=timezone.now())

    @transaction.atomic
    def make(self, team: Team, *, role: str, by: User) -> Invitation:
        made = self.create(team=team, role=role, invited_by=by)
        made.record("invitation.made")
        return made


class Invitation(models.Model):
    """A link by which anybody who holds it may join a team, until it expires or is withdrawn."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    token = models.CharField(max_length=43, unique=True, default=hook_token, editable=False)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=in_two_weeks)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Invitation to {self.team}"

    def get_absolute_url(self) -> str:
        return reverse("invitation", args=[self.token])

    @property
    def link(self) -> str:
        """The whole address, to send on."""
        return f"{settings.BASE_URL}{self.get_absolute_url()}"

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None and self.expires_at > timezone.now()

    @property
    def host(self) -> User | None:
        """Whom to ask for another one: who made it, else an admin that the team has now."""
        admins = list(self.team.admins())
        return self.invited_by if self.invited_by in admins else next(iter(admins), None)

    def accept(self, user: User) -> Membership:
        """Who belongs to the team already keeps their role."""
        return self.team.join(user, self.role)

    @transaction.atomic
    def withdraw(self) -> None:
        self.withdrawn_at = timezone.now()
        self.save(update_fields=["withdrawn_at"])
        self.record("invitation.withdrawn")

    @transaction.atomic
    def restore(self) -> None:
        self.withdrawn_at = None
        self.save(update_fields=["withdrawn_at"])
        self.record("invitation.restored")

    def record(self, action: str) -> None:
        """Not by its token, which opens the team."""
        record(action, str(self.pk), team=self.team, role=self.role)
