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
#: What a page reads of one that was packed.
UNPACKED = 20_000_000
#: Of so many people a page asks who they are.
MOST_PEOPLE = 500
TOO_MUCH = "Nothing was imported: split it, or let who runs the server say “idonethis import”."


class UploadForm(forms.Form):
    file = forms.FileField(
        label="A CSV of I Done This, or an export (.zip or .jsonl)",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.jsonl,.zip,text/csv"}),
        help_text=f"At most {filesizeformat(LARGEST)}. First you see what it would bring.",
    )
    read: Read

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(f"It has more than {filesizeformat(LARGEST)}. {TOO_MUCH}")
        try:
            self.read = reading.read(reading.unpacked(file.read(), most=UNPACKED))
        except Unreadable as problem:
            raise ValidationError(f"{problem} Nothing was imported.") from problem
        if len(self.read.people) > MOST_PEOPLE:
            raise ValidationError(f"It names more than {MOST_PEOPLE} people. {TOO_MUCH}")
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
