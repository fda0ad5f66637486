"""Pages for requests that make no sense, and the living page of components, served while DEBUG is
on."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from idonethis.forms import Option, Picker


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Of a request that cannot be read, nothing is looked at."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


class SampleForm(forms.Form):
    """One field of each sort, with the errors that people meet."""

    team = forms.ChoiceField(choices=[("a", "Analytical Engines"), ("d", "Difference Engines")])
    channel = forms.CharField(help_text="Private channels appear once our app is invited to them.")
    note = forms.CharField(widget=forms.Textarea, required=False)
    password = forms.CharField(widget=forms.PasswordInput, required=False)
    repository = forms.ChoiceField(
        widget=Picker(placeholder="Search repositories"),
        choices=[
            ("1", Option("ada/engine", hint="Changed 2 days ago")),
            ("2", Option("analytical/engine")),
            ("3", Option("babbage/mill", refused="You are not an admin there.")),
        ],
    )
    what = forms.MultipleChoiceField(
        label="What to log",
        widget=forms.CheckboxSelectMultiple,
        choices=[("m", "Merged changes"), ("c", "Closed issues"), ("r", "Releases")],
    )
    backfill = forms.BooleanField(
        label="Import the last 30 days", required=False, help_text="You can undo an import."
    )

    def clean_channel(self) -> str:
        raise forms.ValidationError("There is no channel #genral. Did you mean #general?")


def components(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    return render(
        request,
        "ui/components.html",
        {
            "filled": SampleForm(initial={"what": ["m"], "repository": "1"}, prefix="filled"),
            "refused": SampleForm({"wrong-channel": "#genral", "wrong-team": "a"}, prefix="wrong"),
            "now": now,
            "earlier": [now - timedelta(minutes=m) for m in (22, 187, 300, 1700, 20000)],
            "soon": now + timedelta(minutes=4),
            "said": [
                Message(messages.SUCCESS, "Entry deleted.", extra_tags="undo:/"),
                Message(messages.ERROR, "The server did not answer. Nothing was saved."),
            ],
            "weeks": [[(d, (d * 7) % 13) for d in range(w, w + 7)] for w in (1, 8, 15, 22)],
            "payload": '{\n  "action": "closed",\n  "change": {"merged": true, "number": 12}\n}',
            "long": "https://log.example.org/integrations/code/hook/9f2c8d7e6b5a4c3d2e1f0a9b8c7d6e5f",
        },
    )
