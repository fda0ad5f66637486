from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator

from idonethis.integrations.base import CredentialsForm, PostsForm


class TelegramCredentials(CredentialsForm):
    token = forms.CharField(
        label="Token of the bot",
        max_length=100,
        initial="",
        validators=[RegexValidator(r"^[0-9]+:[A-Za-z0-9_-]+$", "It looks like 123456:ABC-def.")],
    )


class TelegramForm(PostsForm):
    chat = forms.CharField(
        required=False,
        initial="",
        max_length=100,
        validators=[
            RegexValidator(
                r"^(-?[0-9]+|@[A-Za-z0-9_]{4,})(\|.+)?$",
                "A group has a number such as -1001234567890, a channel a name such as @done.",
            )
        ],
        help_text="The number of the group, or the @name of a public channel.",
    )
    hears = forms.BooleanField(
        label="Log what people say there",
        required=False,
        initial=True,
        help_text="With “done”, “goal” or “blocked”. It takes the one webhook that a bot may have.",
    )

    def without_account(self) -> None:
        """A webhook is made by hand then."""
        super().without_account()
        del self.fields["hears"]
