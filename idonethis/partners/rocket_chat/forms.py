from __future__ import annotations

from typing import Any

from django import forms

from idonethis.integrations.kits.chat_forms import ChatCredentials


class RocketChatCredentials(ChatCredentials):
    user = forms.CharField(label="User ID", max_length=100, required=False, initial="")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].help_text = (
            "From Profile → Personal Access Tokens, with Ignore Two Factor Authentication ticked. "
            "Whose it is must be in the channel, and may manage their own outgoing integrations if "
            "people are to log there. Tried at once, kept encrypted."
        )
        self.fields["user"].help_text = "Shown together with the token."

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("token") and not typed.get("user"):
            self.add_error("user", "Rocket.Chat takes a token together with the user ID alone.")
        return typed
