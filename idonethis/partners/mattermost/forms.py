from __future__ import annotations

from idonethis.integrations.kits.chat_forms import ChatCredentials


class MattermostCredentials(ChatCredentials):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].help_text = (
            "A personal access token, from Profile → Security → Personal Access Tokens, or that of "
            "a bot account. Whose it is must be in the channel, and may manage outgoing webhooks "
            "if people are to log there. Tried at once, kept encrypted."
        )
