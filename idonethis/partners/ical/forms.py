from __future__ import annotations

from typing import Any

from django import forms

from idonethis.integrations.base import CredentialsForm
from idonethis.integrations.kits.calendars import EventsForm


class CalendarAddressField(forms.URLField):
    """``webcal:`` is no protocol of its own, but asks for a calendar over the web."""

    def to_python(self, value: Any) -> str | None:
        scheme, separator, rest = str(value or "").strip().partition("://")
        if separator and scheme.lower() in ("webcal", "webcals"):
            value = f"https://{rest}"
        return super().to_python(value)


class CalendarAddress(CredentialsForm):
    """A secret: whoever knows it reads the calendar."""

    url = CalendarAddressField(
        label="Address of the calendar",
        max_length=1000,
        assume_scheme="https",
        help_text="It begins with https:// or webcal://, and often ends with .ics.",
    )


class CalendarForm(EventsForm):
    field_order = ("name", "whose", "words", "me", "free")

    name = forms.CharField(
        required=False, initial="", max_length=60, help_text="Such as “Meetings”."
    )
    me = forms.EmailField(
        label="Your address in invitations",
        required=False,
        initial="",
        help_text="So that what you have declined is left out.",
    )
