"""What CircleCI's refusals mean. What a token may not see is not there for it."""

from __future__ import annotations

from idonethis.integrations.base import (
    Answers,
    NeedsPermission,
    Never,
    Refusal,
)
from idonethis.integrations.kits.tokens import NOT_SHOWN, NOT_TAKEN, TOO_MANY_IN_WORDS

ANSWERS = Answers(
    source="https://circleci.com/docs/api/v2/",
    word="message",
    refusals=(
        NOT_TAKEN,
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that ({word}): webhooks take an admin "
            "of the organization.",
        ),
        NOT_SHOWN,
        Refusal(Never, (400, 422), sentence="{partner} does not take this ({word})."),
        TOO_MANY_IN_WORDS,
    ),
)
