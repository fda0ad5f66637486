"""What Rocket.Chat's refusals mean: https://developer.rocket.chat/apidocs

Nearly all of them are a 400 with a sentence and, in brackets, a word. To whom it does not let in it
says so in another field."""

from __future__ import annotations

from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Again,
    Answers,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
    Vanished,
)
from idonethis.integrations.kits.tokens import MOVED, TOO_MANY_IN_WORDS

ANSWERS = Answers(
    source="https://developer.rocket.chat/apidocs",
    word="error",
    refusals=(
        Refusal(
            NeedsReconnect,
            (401,),
            sentence="{partner} takes this token, or this user ID, no longer ({message}).",
        ),
        TOO_MANY_IN_WORDS,
        Refusal(
            Again,
            (400,),
            ("*error-too-many-requests*",),
            sentence="{partner} wants fewer calls ({word}).",
            after=60,
        ),
        Refusal(
            Vanished,
            (400,),
            (
                "no message found*",
                "the room id provided does not match*",
                "message editing *",
                "message deleting *",
                "*ing-blocked*",
            ),
            sentence="The message is gone at {partner}, or may not be changed any more.",
        ),
        Refusal(
            Gone,
            (400,),
            ("invalid integration id*", "no integration found*", "*invalid_integration*"),
            sentence="The integration is gone at {partner}.",
        ),
        Refusal(
            Gone,
            (400,),
            ("*invalid-channel*", "*invalid-room*", "*room-not-found*"),
            sentence="The channel is gone at {partner}, or not shown to this account ({word}).",
        ),
        Refusal(
            NeedsPermission,
            (400, 403),
            ("unauthorized*", "*not_authorized*", "*not-allowed*", "*not-authorized*"),
            sentence="{partner} does not let this account do that ({word}): it must be allowed to "
            "write in the channel and to manage its own outgoing integrations.",
        ),
        *ADDRESS_REFUSED,
        Refusal(Never, (400,), ("?*",), sentence="{partner} does not take this ({word})."),
        MOVED,
    ),
)
