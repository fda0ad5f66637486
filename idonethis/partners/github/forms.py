from __future__ import annotations

from typing import ClassVar

from django import forms
from django.core.validators import RegexValidator

from idonethis.integrations.base import LinkForm

EVENTS = {
    "push": "Commits on the default branch, one growing entry a day",
    "pull_request": "Merged pull requests",
    "issues": "Issues closed as completed",
    "pull_request_review": "Reviews",
    "release": "Releases",
}
PRIVATE = {
    "title": "Titles only, no commit messages",
    "count": "That something was done, without names",
    "full": "Everything, as for public ones",
}


class GitHubForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("repository",)

    repository = forms.CharField(
        required=False,
        max_length=140,
        validators=[RegexValidator(r"^[\w.-]+/[\w.-]+$", "Write it as owner/name.")],
        help_text="Left empty, only hooks that you add at GitHub by hand come in.",
    )
    events = forms.MultipleChoiceField(
        label="What becomes an entry",
        choices=list(EVENTS.items()),
        initial=list(EVENTS),
        widget=forms.CheckboxSelectMultiple,
    )
    private = forms.ChoiceField(
        label="What shows of private repositories",
        choices=list(PRIVATE.items()),
        initial="title",
        widget=forms.RadioSelect,
    )
    bots = forms.BooleanField(label="Log what bots do, too", required=False, initial=False)
