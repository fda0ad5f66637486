from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator

from idonethis.integrations.base import LinkForm

EVENTS = {
    "push": "Commits on the default branch, as one entry a day that grows",
    "pull_request": "Merged pull requests, for their author",
    "issues": "Issues closed as completed, for their assignee",
    "pull_request_review": "Reviews, one entry for each pull request",
    "release": "Releases",
}
PRIVATE = {
    "title": "Titles, but no commit messages",
    "count": "Only that something was done, without any names",
    "full": "Everything, as of public ones",
}
#: https://docs.github.com/en/rest/repos/repos#create-an-organization-repository
REPOSITORY = re.compile(r"\A[\w-]{1,100}/(?!\.{1,2}\Z)[\w.-]{1,100}\Z", re.ASCII)


class RepositoryField(forms.CharField):
    """``owner/name``; the address of a page or of a clone says the same."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        return re.sub(r"^https?://[^/]+/|\.git$|/$", "", text)


class GitHubForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("repository",)

    repository = RepositoryField(
        required=False,
        max_length=200,
        initial="",
        validators=[RegexValidator(REPOSITORY, "Write it as owner/name.")],
        help_text="Private ones are not listed: type owner/name. Leave it empty to add the webhook "
        "at GitHub yourself.",
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
