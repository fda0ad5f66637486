from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import Asks, LinkForm, Place, Topic
from idonethis.integrations.kits.servers import ServerForm

ASKS = Asks(
    topics={
        "repo.refs_changed": Topic("Commits, as one entry a day that grows", "commits"),
        "pr.merged": Topic("Merged pull requests, for their author", "merged pull requests"),
    },
    bots=True,
    place=Place(
        "branch",
        "branches",
        usual="main and master",
        help="Left empty: commits on main and master, pull requests into any.",
    ),
)


class BitbucketServerCredentials(ServerForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].label = "Address of your Bitbucket"
        self.fields["site"].help_text = "Such as https://bitbucket.example.org."
        self.fields["token"].label = "HTTP access token"
        self.fields[
            "token"
        ].help_text = (
            "With the repository permission Repository admin. Tried at once, kept encrypted."
        )


class BitbucketServerForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("repository",)

    #: Its address, and after a bar its name.
    repository = forms.CharField(
        max_length=600,
        required=False,
        initial="",
        help_text="Listed are those which you administer.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which repository it is."""
        super().without_account()
        del self.fields["repository"]
