"""What Buildkite's refusals mean. An organization has 200 calls a minute, of which it says in a
header how many seconds are left; a minute is always enough:
https://buildkite.com/docs/apis/rest-api/rate-limits"""

from __future__ import annotations

from idonethis.integrations.base import Answers, NeedsPermission, Never, Refusal
from idonethis.integrations.kits.tokens import NOT_SHOWN, NOT_TAKEN, TOO_MANY_IN_WORDS

ANSWERS = Answers(
    source="https://buildkite.com/docs/apis/rest-api",
    word="message",
    refusals=(
        NOT_TAKEN,
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that ({word}): it needs the scopes that "
            "the set-up page names, and its owner must be an administrator of the organization.",
        ),
        NOT_SHOWN,
        Refusal(Never, (400, 422), sentence="{partner} does not take this ({word})."),
        TOO_MANY_IN_WORDS,
    ),
)
