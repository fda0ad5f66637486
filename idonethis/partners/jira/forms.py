from __future__ import annotations

import re
from typing import ClassVar

from django import forms
from django.core.validators import RegexValidator

from idonethis.integrations.base import LinkForm

#: A site by its cloud id, and a project in it by its number; after a bar its name.
PROJECT = re.compile(r"\A[0-9A-Za-z-]{1,64}/[0-9]{1,20}(\|.*)?\Z")


class JiraForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("project",)

    project = forms.CharField(
        max_length=200,
        required=False,
        initial="",
        validators=[RegexValidator(PROJECT, "Pick the project from the list.")],
        help_text="Those that your account may browse, at all your sites.",
    )
    sprints = forms.BooleanField(
        label="Closed sprints, too",
        required=False,
        initial=False,
        help_text="Only webhooks that are made by hand tell of sprints. Jira does not say who "
        "closed one, so they are logged as work of whoever makes this link.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which projects it is about."""
        super().without_account()
        del self.fields["project"]
