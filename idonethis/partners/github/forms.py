from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator

from idonethis.integrations.base import Asks, LinkForm, Place, Topic

ASKS = Asks(
    topics={
        "push": Topic("Commits, as one entry a day that grows", "commits"),
        "pull_request": Topic(
            "Merged pull requests, for their author", "merged pull requests (for the author)"
        ),
        "issues": Topic("Issues closed as completed, for their assignee", "issues"),
        "pull_request_review": Topic("Reviews, one entry for each pull request", "reviews"),
        "release": Topic("Releases", "releases"),
    },
    bots=True,
    place=Place(
        "branch",
        "branches",
        usual="the default branch",
        help="Left empty: commits on the default branch, pull requests into any.",
    ),
    labels=True,
    private="repositories",
)
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
