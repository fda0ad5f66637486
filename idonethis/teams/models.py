"""Teams, who belongs to them, and how one gets in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from idonethis.accounts.models import User
from idonethis.ids import hash_id, hook_token


class TeamQuerySet(models.QuerySet["Team"]):
    def for_user(self, user: User) -> Self:
        """The teams in which this person is a member, their personal one first."""
        mine = self.filter(memberships__user=user)
        return mine.order_by(models.F("personal_of").asc(nulls_last=True), "name")

    def personal(self, user: User) -> Team:
        """The private team of one person, made when first asked for."""
        team, created = self.get_or_create(personal_of=user, defaults={"name": "My log"})
        if created:
            team.join(user, Membership.Role.ADMIN)
        return team


class Team(models.Model):
    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    name = models.CharField(max_length=80)
    personal_of = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    done_prompt = models.CharField(max_length=120, default="What did you get done?")
    goal_prompt = models.CharField(max_length=120, default="What do you plan to get done?")
    blocked_prompt = models.CharField(max_length=120, default="What is in your way?")
    carries_over = models.BooleanField(
        "carry open goals and blockers over to the next day", default=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = self.slug or self._free_slug()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def _free_slug(self) -> str:
        wanted = slugify(self.name)[:60] or "team"
        taken = self.personal_of_id or Team.objects.filter(slug=wanted).exists()
        return f"{wanted}-{self.hash_id[:6]}" if taken else wanted

    def get_absolute_url(self) -> str:
        return reverse("team_log", args=[self.slug])

    @property
    def is_personal(self) -> bool:
        return self.personal_of_id is not None

    def join(self, user: User, role: str = "member") -> Membership:
        membership, _ = self.memberships.get_or_create(user=user, defaults={"role": role})
        return membership

    def has_member(self, user: User) -> bool:
        return self.memberships.filter(user=user).exists()

    def has_writer(self, user: User) -> bool:
        return self.memberships.filter(user=user).exclude(role=Membership.Role.OBSERVER).exists()

    def has_admin(self, user: User) -> bool:
        return self.memberships.filter(user=user, role=Membership.Role.ADMIN).exists()


class Membership(models.Model):
    class Role(models.TextChoices):
        ADMIN = "admin", "Admin"
        MEMBER = "member", "Member"
        OBSERVER = "observer", "Observer (reads only)"

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership")]

    @property
    def is_admin(self) -> bool:
        return self.role == self.Role.ADMIN

    @property
    def is_last_admin(self) -> bool:
        others = self.team.memberships.filter(role=self.Role.ADMIN).exclude(pk=self.pk)
        return self.is_admin and not others.exists()


def in_two_weeks() -> datetime:
    return timezone.now() + timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(expires_at__gt=timezone.now(), withdrawn_at=None)


class Invitation(models.Model):
    """A link by which anybody who holds it may join a team, until it expires or is withdrawn."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    token = models.CharField(max_length=43, unique=True, default=hook_token, editable=False)
    role = models.CharField(
        max_length=8, choices=Membership.Role.choices, default=Membership.Role.MEMBER
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=in_two_weeks)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        return reverse("invitation", args=[self.token])
