from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from idonethis.mailing.models import MailChoice

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class MailForm(forms.Form):
    """Whether and when a mail of one kind comes."""

    SHOWN: ClassVar[str] = "%H:%M"

    is_on = forms.BooleanField(label="Send it", required=False)
    at = forms.TimeField(label="At", widget=forms.TimeInput(format=SHOWN, attrs={"type": "time"}))
    days = forms.TypedMultipleChoiceField(
        coerce=int,
        choices=list(enumerate(DAYS)),
        widget=forms.CheckboxSelectMultiple,
        label="On",
        required=False,
    )

    @classmethod
    def of(cls, choice: MailChoice, data: Any = None) -> MailForm:
        initial = {"is_on": choice.is_on, "at": choice.at, "days": list(choice.weekdays)}
        return cls(data, initial=initial, auto_id=f"id_{choice.kind}_%s")
