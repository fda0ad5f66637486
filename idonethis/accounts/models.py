"""People. The mail address is the login; allauth keeps the further, verified addresses."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models, transaction
from django.utils import timezone

from idonethis.accounts.answered import Answered
from idonethis.accounts.oauth.app import App
from idonethis.accounts.oauth.waiting import Code, Device
from idonethis.accounts.sessions import SessionStore
from idonethis.accounts.tokens import ApiToken
from idonethis.audit.models import record
from idonethis.ids import hash_id

__all__ = ["Answered", "ApiToken", "App", "Code", "Device", "LastAdministrator", "User"]


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Try one like Europe/London.")


#: https://www.rfc-editor.org/rfc/rfc6761#section-6.4: an address that never is anybody's.
FORMER = "@former.invalid"


class LastAdministrator(Exception):
    """A server is never without an administrator. The message is fit for people."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An administrator of this server, who is believed about their address."""
        rights = {"is_staff": True, "is_superuser": True}
        return self.enrol(email, password, verified=True, **rights, **fields)

    @transaction.atomic
    def enrol(self, email: str, password: str | None, *, verified: bool, **fields: Any) -> User:
        """A person and their first mail address. Only a ``verified`` address is evidence of whose
        work elsewhere is theirs."""
        user = self.create_user(email, password, **fields)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
        record("person.added", user, administers=user.is_staff)
        return user

    def with_address(self, email: str) -> models.QuerySet[User]:
        """Who signs in with this address, or has it as a further one, verified or not."""
        sought = email.strip().lower()
        named = models.Q(email=sought) | models.Q(emailaddress__email=sought)
        return self.filter(named).distinct()

    def named(self, nickname: str) -> models.QuerySet[User]:
        return self.filter(nickname__iexact=nickname) if nickname else self.none()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    class Theme(models.TextChoices):
        SYSTEM = "", "Like my system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    email = models.EmailField("mail address", unique=True)
    name = models.CharField(max_length=120)
    nickname = models.CharField(
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[\w][\w.-]*$", "Letters, digits, dots and dashes only.")],
        help_text="What others type after @ to mention you.",
    )
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    day_ends_at = models.PositiveSmallIntegerField(
        "my day ends at",
        default=0,
        validators=[MaxValueValidator(12)],
        help_text="What you log before this hour counts for the day before.",
    )
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM, blank=True)
    hotkeys = models.BooleanField("single-key shortcuts", default=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("administers this server", default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    @property
    def first_name(self) -> str:
        return str(self).split()[0]

    @transaction.atomic
    def administer(self) -> None:
        self._administers(True)
        record("person.made_administrator", self)

    @transaction.atomic
    def stop_administering(self) -> None:
        """Raises LastAdministrator."""
        if self.is_last_administrator:
            raise LastAdministrator("Nobody else administers this server. Nothing was changed.")
        self._administers(False)
        record("person.ended_administration", self)

    def _administers(self, does: bool) -> None:
        self.is_staff = self.is_superuser = does
        self.save(update_fields=["is_staff", "is_superuser"])

    @property
    def is_last_administrator(self) -> bool:
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=self.pk)
        return self.is_superuser and not others.exists()

    @property
    def is_former(self) -> bool:
        """Deleted: what was theirs and stays is nobody's by name."""
        return self.email.endswith(FORMER)

    def forget(self) -> None:
        """Nothing is left by which anybody could know them, or they could sign in. The row stays,
        for what they logged in teams that keep it."""
        self.email, self.name, self.nickname = f"{self.hash_id}{FORMER}", "Former member", ""
        self.time_zone, self.day_ends_at, self.theme = "UTC", 0, ""
        self.is_active = self.is_staff = self.is_superuser = False
        self.last_login = None
        self.set_unusable_password()
        self.save()
        ApiToken.objects.filter(user=self).revoke()
        for kept in (Answered, Code, Device):
            kept._base_manager.filter(user=self).delete()
        EmailAddress.objects.filter(user=self).delete()
        Authenticator.objects.filter(user=self).delete()

    def end_sessions(self) -> None:
        opened = SessionStore()
        for session in Session.objects.iterator():
            if opened.decode(session.session_data).get(SESSION_KEY) == str(self.pk):
                session.delete()

    def day_of(self, instant: datetime) -> date:
        """The day that an instant belongs to for this person: in their time zone, and a day lasts
        until the hour at which they say it ends. Once begun, a day stays begun, also where the
        clock is then turned back over its beginning. Everything that dates an entry asks here."""
        zone = ZoneInfo(self.time_zone)
        local = instant.astimezone(zone)
        day = local.date() - timedelta(days=1 if local.hour < self.day_ends_at else 0)
        next_day = day + timedelta(days=1)
        begins = datetime.combine(next_day, time(self.day_ends_at), zone)
        return next_day if instant.timestamp() >= begins.timestamp() else day

    def today(self) -> date:
        return self.day_of(timezone.now())
