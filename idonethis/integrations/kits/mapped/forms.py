from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError

from idonethis.integrations.base import LinkForm
from idonethis.integrations.kits.mapped.expressions import LONGEST, Bad, compiled

HELP = {
    "text": "What got done. Several lines are several entries; [] and ! work.",
    "status": "done, goal or blocked. Without one, it is a done.",
    "person": "A mail address, or a name that you match to a person. Without one, it is yours.",
    "date": "When it happened: ISO 8601, or seconds since 1970. Without one, now.",
    "external_id": "What makes it the same when it is sent again.",
    "url": "The link to the thing itself.",
}


def form_of(where: Mapping[str, str]) -> type[LinkForm]:
    """A form that asks for each field, and proposes where it stands."""
    name = forms.CharField(
        required=False, max_length=60, initial="", help_text="What sends here, such as “Backups”."
    )
    asked = {field: asking(field, where[field]) for field in HELP}
    return type("MappedForm", (LinkForm,), {"name": name, **asked})


def asking(field: str, where: str) -> forms.CharField:
    return forms.CharField(
        label=field.replace("_", " ").capitalize(),
        initial=where,
        required=field == "text",
        max_length=LONGEST,
        validators=[validate_expression],
        help_text=HELP[field],
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )


def validate_expression(expression: str) -> None:
    try:
        compiled(expression)
    except Bad as problem:
        raise ValidationError(str(problem)) from problem
