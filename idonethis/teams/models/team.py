from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.text import slugify

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.ids import hash_id
from idonethis.prepared import Prepared
from idonethis.teams.signals import member_leaves, team_ends


class Role(models.TextChoices):
    """Admins say who belongs to a team and how it works, members write, observers read."""

    ADMIN = "admin", "Admin"
    MEMBER = "member", "Member"
    OBSERVER = "observer", "Observer (reads only)"


class WhenDeleted(models.TextChoices):
    KEEP = "keep", "what they logged stays, without their name"
    GO = "go", "what they logged goes with them"


class TeamQuerySet(models.QuerySet["Team"]):
    def for_user(self, user: User) -> Self:
        """The teams in which this person is a member, their personal one first."""
        mine = self.filter(memberships__user=user)
        return mine.order_by(models.F("personal_of").asc(nulls_last=True), "name")

    def shared(self) -> Self:
        return self.filter(personal_of=None)

    def personal(self, user: User) -> Team:
        """The private team of one person, made when first asked for."""
        team, created = self.get_or_create(personal_of=user, defaults={"name": "My log"})
        if created:
            team.join(user, Role.ADMIN)
        return team

    @transaction.atomic
    def found(self, name: str, *, admin: User) -> Team:
        """A new team with its first admin."""
        team = self.create(name=name)
        record("team.founded", team, team=team)
        team.join(admin, Role.ADMIN)
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
    when_deleted = models.CharField(
        "when somebody’s account is deleted",
        max_length=4,
        choices=WhenDeleted.choices,
        default=WhenDeleted.KEEP,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or self._free_slug()
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        record("team.deleted", self, team=self)
        team_ends.send(sender=Team, team=self)
        return super().delete(*args, **kwargs)

    def _free_slug(self) -> str:
        wanted = slugify(self.name)[:60] or "team"
        taken = self.personal_of_id or Team.objects.filter(slug=wanted).exists()
        return f"{wanted}-{self.hash_id[:6]}" if taken else wanted

    def get_absolute_url(self) -> str:
        return reverse("team_log", args=[self.slug])

    @property
    def is_personal(self) -> bool:
        return self.personal_of_id is not None

    @transaction.atomic
    def join(self, user: User, role: str = Role.MEMBER) -> Membership:
        membership, is_new = self.memberships.get_or_create(user=user, defaults={"role": role})
        if is_new:
            record("member.joined", user, team=self, role=str(role))
        return membership

    def admins(self) -> models.QuerySet[User]:
        return self.members.filter(memberships__role=Role.ADMIN).order_by("name")

    def has_member(self, user: User) -> bool:
        return bool(MEMBERSHIP(self.pk, user.pk))

    def has_writer(self, user: User) -> bool:
        return self.memberships.writing().filter(user=user).exists()

    def has_admin(self, user: User) -> bool:
        return self.memberships.filter(user=user, role=Role.ADMIN).exists()


class LastAdmin(Exception):
    """A team is never without an admin. The message is fit for people."""


class MembershipQuerySet(models.QuerySet["Membership"]):
    def writing(self) -> Self:
        """Those of people who log, and do not only read."""
        return self.exclude(role=Role.OBSERVER)

    def nicknamed(self, teams: Iterable[int]) -> list[tuple[int, int, str]]:
        """Team, person and nickname of everybody in these teams who has one."""
        found = self.filter(team__in=teams).exclude(user__nickname="")
        return list(found.values_list("team_id", "user_id", "user__nickname"))

    def personal_first(self) -> Self:
        """Of one person, by the names of their teams."""
        return self.order_by(models.F("team__personal_of").asc(nulls_last=True), "team__name")


class Membership(models.Model):
    Role = Role

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def writes(self) -> bool:
        return self.role != Role.OBSERVER

    @transaction.atomic
    def become(self, role: str) -> None:
        """Raises LastAdmin."""
        if role != Role.ADMIN:
            self._step_down()
        record("role.changed", self.user, team=self.team, role=str(role), was=self.role)
        self.role = role
        self.save(update_fields=["role"])

    @transaction.atomic
    def end(self) -> None:
        """Raises LastAdmin."""
        self._step_down()
        record("member.left", self.user, team=self.team, role=self.role)
        self.delete()
        member_leaves.send(sender=Membership, team=self.team, user=self.user)

    def _step_down(self) -> None:
        """Who was an admin has seen the open invitations and could come back by one."""
        admins = self.team.memberships.select_for_update().filter(role=Role.ADMIN)
        ids = [admin.pk for admin in admins]
        if ids == [self.pk]:
            raise LastAdmin(
                f"{self.user} is the only admin of {self.team}. Nothing was changed: "
                "make somebody else an admin first."
            )
        if self.pk in ids:
            self.team.invitations.open().withdraw()


MEMBERSHIP = Prepared(
    lambda team, user: Membership.objects.filter(team=team, user=user).values_list("pk")
)
