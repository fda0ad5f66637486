from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import Asks, LinkForm, Place, Topic
from idonethis.integrations.kits.servers import LoginForm

TOPICS = {
    "userstory": Topic("Closed user stories", "user stories"),
    "task": Topic("Closed tasks", "tasks"),
    "issue": Topic("Closed issues", "issues"),
    "epic": Topic("Closed epics", "epics"),
    "milestone": Topic("Closed sprints", "sprints"),
}
ASKS = Asks(topics=TOPICS, place=Place("project", "projects", usual="every project"), labels=True)
#: Where Taiga's own lies for people, by what else they may type for it.
CLOUD = "https://tree.taiga.io"
ALIASES = ("https://api.taiga.io", "https://taiga.io", "https://www.taiga.io")


class TaigaCredentials(LoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].label = "Address of your Taiga"
        self.fields["site"].help_text = f"Such as {CLOUD}."
        self.fields["username"].label = "User name or email"

    def clean_site(self) -> str:
        """As it stands in the addresses that hooks tell."""
        site = super().clean_site()
        return CLOUD if site in ALIASES else site


class TaigaForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("project",)

    #: Its address, and after a bar its name.
    project = forms.CharField(
        max_length=600,
        required=False,
        initial="",
        help_text="Listed are those in which you are.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which project it is."""
        super().without_account()
        del self.fields["project"]
