"""What CircleCI's refusals mean. What a token may not see is not there for it."""

from __future__ import annotations

from idonethis.integrations.base import (
    Again,
    Answers,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
)

ANSWERS = Answers(
    source="https://circleci.com/docs/api/v2/",
    word="message",
    refusals=(
        Refusal(NeedsReconnect, (401,), sentence="{partner} takes this token no longer ({word})."),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that ({word}): webhooks take an admin "
            "of the organization.",
        ),
        Refusal(
            Gone,
            (404,),
            sentence="{partner} does not know this (any more), or does not show it to this token "
            "({word}).",
        ),
        Refusal(Never, (400, 422), sentence="{partner} does not take this ({word})."),
        Refusal(Again, (429,), sentence="{partner} wants fewer calls ({word}).", after=60),
    ),
)
