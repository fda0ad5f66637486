from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import Asks, LinkForm, Place, Topic
from idonethis.integrations.kits.servers import ServerForm

#: In the processes that Microsoft ships: https://learn.microsoft.com/azure/devops/boards/work-items/workflow-and-state-categories
DONE = "Closed, Completed, Done"
#: By the beginning of the event's name.
TOPICS = {
    "git.push": Topic("Commits, as one entry a day that grows", "commits"),
    "git.pullrequest": Topic("Completed pull requests, for their author", "pull requests"),
    "workitem": Topic("Finished work items, for their assignee", "work items"),
}
ASKS = Asks(
    topics=TOPICS,
    bots=True,
    place=Place(
        "branch",
        "branches",
        usual="the default branch",
        help="Left empty: commits on the default branch, pull requests into any.",
    ),
    labels=True,
)


class AzureDevOpsCredentials(ServerForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].label = "Address of your organization or collection"
        self.fields["site"].help_text = "Such as https://dev.azure.com/engines."
        self.fields["token"].label = "Personal access token"
        self.fields["token"].help_text = (
            "With the scopes Code: Read, Work Items: Read, and Project and Team: Read. Tried at "
            "once, kept encrypted."
        )


class AzureDevOpsForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("project",)

    #: Its address by its id, and after a bar its name.
    project = forms.CharField(
        max_length=600,
        required=False,
        initial="",
        help_text="You need to be an administrator of it.",
    )
    states = forms.CharField(
        label="States in which a work item is finished",
        initial=DONE,
        required=False,
        max_length=400,
        help_text="With commas between them. Left empty: " + DONE + ".",
    )

    def without_account(self) -> None:
        """Whoever makes the subscriptions says there which project it is."""
        super().without_account()
        del self.fields["project"]
