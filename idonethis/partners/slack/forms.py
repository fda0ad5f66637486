from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator

from idonethis.integrations import messages
from idonethis.integrations.base import PostsForm, picked


class SlackForm(PostsForm):
    picks: ClassVar[tuple[str, ...]] = ("channel",)

    #: The channel's id, and after a bar its name.
    channel = forms.CharField(
        required=False,
        max_length=200,
        validators=[
            RegexValidator(
                r"^[CG][A-Z0-9]{2,}(\|\S+)?$",
                "Pick a channel, or type its ID: in Slack it stands at the end of the channel's "
                "details, and starts with C.",
            )
        ],
        help_text="Where entries are posted. A private channel is in the list once you type "
        "“/invite @I Done This” in it. Left empty, Slack is only for logging.",
    )


def channel(config: Mapping[str, Any]) -> str:
    """The channel's id."""
    return picked(config.get("channel"))[0]


def channel_name(config: Mapping[str, Any]) -> str:
    """As people write it, ``#done``; the id where nobody has said the name."""
    number, _, name = str(config.get("channel") or "").partition("|")
    return f"#{name}" if name else number


def posts(kind: str, config: Mapping[str, Any]) -> bool:
    return bool(channel(config)) and messages.posts(kind, config)
