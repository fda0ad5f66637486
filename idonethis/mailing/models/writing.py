"""What stands in a mail about a team, and around it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.entries.models.entry import EntryQuerySet
from idonethis.entries.said import Said
from idonethis.entries.text import one_line
from idonethis.integrations.mails.addresses import MailAddress
from idonethis.integrations.mails.naming import host, named
from idonethis.integrations.models import IntegrationLink
from idonethis.mailing.look import STYLE
from idonethis.mailing.models.choice import MailChoice

STOPS = Signer(salt="idonethis.mailing.stop")
#: Mails of programs say so, or answering machines answer them. https://www.rfc-editor.org/rfc/rfc3834
OF_A_PROGRAM = {
    "Auto-Submitted": "auto-generated",
    "Precedence": "bulk",
    "X-Auto-Response-Suppress": "All",
}
#: Longest subject, in characters.
SUBJECT = 120


class Back(NamedTuple):
    """What the person wrote on the same day a while ago."""

    ago: str
    day: date
    lines: list[Said]


class Writing:
    """A mail of one kind to one member about one day."""

    template: ClassVar[str]

    def __init__(self, choice: MailChoice, day: date) -> None:
        self.choice, self.day = choice, day
        self.team, self.user = choice.team, choice.user

    @property
    def is_worth_it(self) -> bool:
        """Whether it still tells its person something."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        raise NotImplementedError

    @property
    def facts(self) -> dict[str, Any]:
        raise NotImplementedError

    def message(self) -> EmailMultiAlternatives:
        message = EmailMultiAlternatives(
            one_line(self.subject)[:SUBJECT],
            self.text,
            to=[self.user.email],
            reply_to=[self.reply_to] if self.reply_to else None,
            headers=self.headers,
        )
        message.attach_alternative(self.html, "text/html")
        return message

    @property
    def text(self) -> str:
        return self._rendered("txt").strip() + "\n"

    @property
    def html(self) -> str:
        return self._rendered("html")

    def _rendered(self, suffix: str) -> str:
        with timezone.override(ZoneInfo(self.user.time_zone)):
            return render_to_string(f"mailing/{self.template}.{suffix}", self._context)

    @cached_property
    def _context(self) -> dict[str, Any]:
        return {
            "style": STYLE,
            "subject": self.subject,
            "team": self.team,
            "user": self.user,
            "day": self.day,
            "log_url": settings.BASE_URL + self.team.get_absolute_url(),
            "choices_url": settings.BASE_URL + reverse("mails", args=[self.team.slug]),
            "stop_url": self.stop_url,
            "reply_to": self.reply_to,
            **self.facts,
        }

    @property
    def headers(self) -> dict[str, str]:
        """One click ends it: https://www.rfc-editor.org/rfc/rfc8058"""
        return {
            **OF_A_PROGRAM,
            "Message-ID": self._message_id,
            "List-Id": f"<{self.choice.kind}.{self.team.hash_id}.{host()}>",
            "List-Unsubscribe": f"<{self.stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    @cached_property
    def reply_to(self) -> str:
        """Where an answer becomes entries of the day that it answers; nothing, where the team takes
        no mail, or its person does not write."""
        link = IntegrationLink.objects.taking_mail(self.team)
        if link is None or not self.choice.membership.writes:
            return ""
        return str(MailAddress.of_person(link.hash_id, self.user.email, self.answers_for))

    @property
    def answers_for(self) -> date | None:
        """The day that an answer is about; none, where that is the day on which it is sent."""
        return None

    @property
    def _message_id(self) -> str:
        who = f"{self.team.hash_id}-{self.user.hash_id}"
        return named(f"{self.choice.kind}-{who}-{self.day}")

    @property
    def stop_url(self) -> str:
        """Works for ever, without signing in, and for nothing else."""
        told = f"{self.team.hash_id}-{self.user.hash_id}-{self.choice.kind}"
        return settings.BASE_URL + reverse("stop_mails", args=[STOPS.sign(told)])

    def of_day(self, day: date) -> EntryQuerySet:
        """What its person sees of that day."""
        entries = Entry.objects.visible_to(self.user).for_team(self.team).alive()
        return entries.filter(occurred_on=day).select_related("user").order_by("occurred_at", "pk")


def stopped_by(token: str) -> MailChoice | None:
    """What this link ends; None, where nobody gets such mails. Raises BadSignature."""
    told = STOPS.unsign(token).split("-")
    if len(told) != 3:
        raise BadSignature("It names nothing.")
    team, user, kind = told
    found = MailChoice.objects.filter(kind=kind, membership__team__hash_id=team)
    return found.filter(membership__user__hash_id=user).first()


def long_ago(day: date) -> dict[str, date]:
    """A day that a shorter month, or another year, does not have is its last one."""
    month = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    return {
        "A year ago": _fitting(day.year - 1, day.month, day.day),
        "A month ago": _fitting(month.year, month.month, day.day),
        "A week ago": day - timedelta(days=7),
    }


def _fitting(year: int, month: int, day: int) -> date:
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day - 1), last)
