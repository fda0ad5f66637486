from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.entries.models import Comment, Entry


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Entry
        fields: ClassVar[list[str]] = ["kind", "body", "occurred_on"]
        labels: ClassVar[dict[str, str]] = {"body": "Text", "occurred_on": "Day"}
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "body": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "occurred_on": forms.DateInput(attrs={"type": "date"}),
        }


class CommentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Comment
        fields: ClassVar[list[str]] = ["body"]
        labels: ClassVar[dict[str, str]] = {"body": "Comment"}
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "body": forms.Textarea(attrs={"rows": 2, "dir": "auto"})
        }
