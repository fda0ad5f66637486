from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from idonethis.forms import LineField
from idonethis.porting import reading
from idonethis.porting.brought import Read, Unreadable

#: The largest file that a page takes, in bytes: less than what any form may send. Of larger ones
#: the command reads as much as the machine holds.
LARGEST = 3_900_000


class UploadForm(forms.Form):
    file = forms.FileField(
        label="A CSV of I Done This, or an archive (.jsonl)",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.jsonl,text/csv"}),
        help_text=f"At most {filesizeformat(LARGEST)}. First you see what it would bring.",
    )
    read: Read

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(
                f"It has more than {filesizeformat(LARGEST)}. Nothing was imported: split it, or "
                "let who runs the server say “idonethis import”."
            )
        try:
            self.read = reading.read(file.read())
        except Unreadable as problem:
            raise ValidationError(f"{problem} Nothing was imported.") from problem
        return file


class ServerForm(forms.Form):
    """Where another log is, and what opens it."""

    address = forms.URLField(
        label="Address of the other server",
        assume_scheme="https",
        max_length=300,
        help_text="One with the API v2 of I Done This, such as another server like this one.",
    )
    token = LineField(
        label="Your API token there",
        max_length=300,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Kept encrypted until all is read, then forgotten.",
    )
    team = LineField(
        label="Which team there",
        required=False,
        max_length=120,
        help_text="Its name or its id; not needed if the token sees only one.",
    )


class ExportForm(forms.Form):
    form = forms.ChoiceField(choices=[("zip", "zip"), ("jsonl", "jsonl"), ("csv", "csv")])
