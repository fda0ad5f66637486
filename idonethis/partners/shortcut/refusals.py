"""What Shortcut's refusals mean. It takes 200 calls a minute, and names no time to come back."""

from __future__ import annotations

from idonethis.integrations.base import (
    Answers,
    NeedsPermission,
    Never,
    Refusal,
)
from idonethis.integrations.kits.tokens import NOT_TAKEN, TOO_MANY_IN_WORDS

ANSWERS = Answers(
    source="https://developer.shortcut.com/api/rest/v3",
    word="message",
    refusals=(
        NOT_TAKEN,
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that ({word}): webhooks take a member "
            "of the workspace who is no observer.",
        ),
        Refusal(Never, (400, 422), sentence="{partner} does not take this ({word})."),
        TOO_MANY_IN_WORDS,
    ),
)
