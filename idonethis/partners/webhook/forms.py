from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from idonethis.integrations.base import LinkForm
from idonethis.partners.webhook.expressions import LONGEST, Bad, compiled
from idonethis.partners.webhook.mapping import DEFAULTS

HELP = {
    "text": "What got done. Several lines are several entries; [] and ! work.",
    "status": "done, goal or blocked. Without one, it is a done.",
    "person": "A mail address, or a name that you match to a person. Without one, it is yours.",
    "date": "When it happened: ISO 8601, or seconds since 1970. Without one, now.",
    "external_id": "What makes it the same when it is sent again.",
    "url": "The link to the thing itself.",
}


def validate_expression(expression: str) -> None:
    try:
        compiled(expression)
    except Bad as problem:
        raise ValidationError(str(problem)) from problem


def field(name: str) -> forms.CharField:
    return forms.CharField(
        label=name.replace("_", " ").capitalize(),
        initial=DEFAULTS[name],
        required=name == "text",
        max_length=LONGEST,
        validators=[validate_expression],
        help_text=HELP[name],
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )


class WebhookForm(LinkForm):
    name = forms.CharField(
        required=False, max_length=60, initial="", help_text="What sends here, such as “Backups”."
    )
    text = field("text")
    status = field("status")
    person = field("person")
    date = field("date")
    external_id = field("external_id")
    url = field("url")
