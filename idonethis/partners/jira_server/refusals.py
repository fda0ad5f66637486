"""What refusals of Jira Data Center mean. How long to wait it says itself:
https://confluence.atlassian.com/adminjiraserver/adjusting-your-code-for-rate-limiting-987143384.html"""

from __future__ import annotations

from idonethis.integrations.base import Answers, NeedsPermission, Never, Refusal
from idonethis.integrations.kits.tokens import MOVED, NOT_SHOWN, NOT_TAKEN, TOO_MANY

ANSWERS = Answers(
    source="https://developer.atlassian.com/server/jira/platform/rest/",
    word="message",
    refusals=(
        NOT_TAKEN,
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that ({word}): webhooks take a Jira "
            "administrator.",
        ),
        NOT_SHOWN,
        MOVED,
        Refusal(Never, (400, 409, 422), sentence="{partner} does not take this webhook ({word})."),
        TOO_MANY,
    ),
)
