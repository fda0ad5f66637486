"""What Shortcut's refusals mean. It takes 200 calls a minute, and names no time to come back."""

from __future__ import annotations

from idonethis.integrations.base import (
    Again,
    Answers,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
)

ANSWERS = Answers(
    source="https://developer.shortcut.com/api/rest/v3",
    word="message",
    refusals=(
        Refusal(NeedsReconnect, (401,), sentence="{partner} takes this token no longer ({word})."),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that ({word}): webhooks take a member "
            "of the workspace who is no observer.",
        ),
        Refusal(Never, (400, 422), sentence="{partner} does not take this ({word})."),
        Refusal(Again, (429,), sentence="{partner} wants fewer calls ({word}).", after=60),
    ),
)
