from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import Asks, LinkForm, Place, Topic
from idonethis.integrations.kits.servers import ServerForm

ASKS = Asks(
    topics={
        "push": Topic("Commits, as one entry a day that grows", "commits"),
        "merge_request": Topic("Merged merge requests, for their author", "merge requests"),
        "issue": Topic("Closed issues, for their assignee", "issues"),
        "release": Topic("Releases, as those of who makes this link", "releases"),
    },
    bots=True,
    place=Place(
        "branch",
        "branches",
        usual="the default branch",
        help="Left empty: commits on the default branch, merge requests into any.",
    ),
    labels=True,
)


class GitLabCredentials(ServerForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].label = "Address of your GitLab"
        self.fields["site"].help_text = "Such as https://gitlab.com."
        self.fields["token"].help_text = "With the scope api. Tried at once, kept encrypted."


class GitLabForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("project",)

    #: Its address by its id, and after a bar its name.
    project = forms.CharField(
        max_length=600,
        required=False,
        initial="",
        help_text="Listed are those in which you are a maintainer or an owner.",
    )
    pipelines = forms.BooleanField(
        label="Log pipelines of the default branch that fail, as blockers",
        required=False,
        initial=False,
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which project it is."""
        super().without_account()
        del self.fields["project"]
