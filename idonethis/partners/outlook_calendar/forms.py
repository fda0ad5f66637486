from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.kits.calendars import EventsForm


class CalendarForm(EventsForm):
    picks: ClassVar[tuple[str, ...]] = ("calendar",)
    field_order = ("calendar", "whose", "words", "free")

    #: The calendar's id, and after a bar its name.
    calendar = forms.CharField(
        max_length=500,
        required=False,
        initial="",
        help_text="Its events are logged once they are over.",
    )
