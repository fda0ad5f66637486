from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone

from idonethis.background import MAIL
from idonethis.integrations.mails.naming import named
from idonethis.integrations.models.incident import Incident, Kind
from idonethis.integrations.models.lease import LeasedQuerySet
from idonethis.integrations.models.mailed import Mailed


class About(models.TextChoices):
    TROUBLE = "trouble"
    OVER = "over"


class NoticeQuerySet(LeasedQuerySet["Notice"]):
    def say_it_is_over(self) -> None:
        """To all to whom these tell of the trouble."""
        told = self.filter(about=About.TROUBLE)
        new = [Notice(incident_id=n.incident_id, user_id=n.user_id, about=About.OVER) for n in told]
        self.bulk_create(new, ignore_conflicts=True)
        MAIL.wake_on_commit()


class Notice(Mailed):
    """A mail to one person about one incident; moot when it is over, or was never told."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    about = models.CharField(max_length=8, choices=About.choices, default=About.TROUBLE)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "user", "about"], name="one_notice")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="notices_due")
        ]

    @property
    def recipient(self) -> str:
        return str(self.user.email)

    @property
    def is_moot(self) -> bool:
        """Trouble that is over before it was told, or no concern of theirs any more, is not told;
        neither is its end."""
        if self.about == About.TROUBLE:
            return bool(self.incident.closed_at) or self.user not in self.incident.people()
        told = self.incident.notices.filter(user=self.user, about=About.TROUBLE)
        return not told.exclude(state="moot").exclude(state="due", attempts=0).exists()

    def message(self) -> EmailMultiAlternatives:
        context = self._context()
        with timezone.override(ZoneInfo(self.user.time_zone)):
            text = render_to_string(f"integrations/mail/{self._letter}.txt", context)
            html = render_to_string(f"integrations/mail/{self._letter}.html", context)
        message = EmailMultiAlternatives(
            context["subject"], text, to=[self.user.email], headers=self._headers()
        )
        message.attach_alternative(html, "text/html")
        return message

    @property
    def _letter(self) -> str:
        return "storm" if self.incident.kind == Kind.STORM else self.about

    def _context(self) -> dict[str, Any]:
        incident = self.incident
        over = f"{incident.partner} works again"
        return {
            "subject": str(incident) if self.about == About.TROUBLE else over,
            "incident": incident,
            "links": incident.links,
            "held": incident.held(),
            "url": incident.fix_url(self.user),
        }

    def _headers(self) -> dict[str, str]:
        name = f"incident-{self.incident_id}-{self.about}-{self.user.hash_id}"
        return {"Message-ID": named(name), "Auto-Submitted": "auto-generated"}
