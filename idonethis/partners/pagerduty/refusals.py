"""What PagerDuty's refusals mean. Too many calls are those of a minute; how many seconds of it are
left, it says in a header, and where it says nothing, a minute is enough:
https://developer.pagerduty.com/docs/rest-api-rate-limits"""

from __future__ import annotations

from idonethis.integrations.base import (
    Answers,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
)
from idonethis.integrations.kits.tokens import TOO_MANY_IN_WORDS

ANSWERS = Answers(
    source="https://developer.pagerduty.com/docs/errors",
    word="error.message",
    refusals=(
        Refusal(NeedsReconnect, (401,), sentence="{partner} takes this key no longer ({word})."),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this key do that ({word}): it must not be read-only, "
            "and whoever it belongs to must be allowed to add webhooks.",
        ),
        Refusal(
            Never,
            (402,),
            sentence="{partner} says that your plan does not have what this takes ({word}).",
        ),
        Refusal(
            Gone,
            (404,),
            sentence="{partner} does not know this (any more), or does not show it to this key "
            "({word}).",
        ),
        Refusal(Never, (400,), sentence="{partner} does not take this webhook ({word})."),
        TOO_MANY_IN_WORDS,
    ),
)
