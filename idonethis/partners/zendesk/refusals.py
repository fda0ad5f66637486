"""What Zendesk's refusals mean. How long to wait it says in ``Retry-After``. Its webhooks tell what
is wrong in a list, who is not known hears it in one word:
https://developer.zendesk.com/api-reference/introduction/requests/#response-format"""

from __future__ import annotations

from idonethis.integrations.base import (
    Answers,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
)
from idonethis.integrations.kits.tokens import TOO_MANY

ANSWERS = Answers(
    source="https://developer.zendesk.com/api-reference/introduction/requests/",
    word="errors.title",
    refusals=(
        Refusal(
            NeedsReconnect,
            (401,),
            sentence="{partner} takes this token no longer, or not with this mail address "
            "({error}). Token access may also be switched off there.",
        ),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let you do that ({word}): webhooks take an admin, or an "
            "agent whose role may manage them.",
        ),
        Refusal(Gone, (404,), sentence="{partner} does not know this (any more) ({word})."),
        Refusal(
            Never,
            (400, 422),
            sentence="{partner} does not take this webhook ({word}). A trial account may have ten, "
            "and each address must be reachable from the internet.",
        ),
        TOO_MANY,
    ),
)
