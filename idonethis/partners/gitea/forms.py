from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import Asks, LinkForm, Place, Topic
from idonethis.integrations.kits.servers import ServerForm

ASKS = Asks(
    topics={
        "push": Topic("Commits, as one entry a day that grows", "commits"),
        "pull_request": Topic("Merged pull requests, for their author", "merged pull requests"),
        "issues": Topic("Closed issues, for their assignee", "issues"),
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
)


class GiteaCredentials(ServerForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].label = "Address of your Gitea or Forgejo"
        self.fields["site"].help_text = "Such as https://codeberg.org."
        self.fields["token"].help_text = (
            "With the permissions repository: read and write, and user: read. Tried at once, kept "
            "encrypted."
        )


class GiteaForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("repository",)

    #: Its address, and after a bar its name.
    repository = forms.CharField(
        max_length=600,
        required=False,
        initial="",
        help_text="Listed are your own, and those to which you contribute.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which repository it is."""
        super().without_account()
        del self.fields["repository"]
