"""What GitLab's refusals mean. A project that a token may not see is one that is not there. After
too many calls it says in Retry-After, or in RateLimit-Reset, when to come back:
https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers"""

from __future__ import annotations

from idonethis.integrations.base import (
    Answers,
    NeedsPermission,
    Never,
    Refusal,
)
from idonethis.integrations.kits.tokens import MOVED, NOT_SHOWN, NOT_TAKEN, TOO_MANY

ANSWERS = Answers(
    source="https://docs.gitlab.com/api/rest/troubleshooting/#status-codes",
    word="message",
    refusals=(
        NOT_TAKEN,
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that: it needs the scope api, and its "
            "owner must be a maintainer of the project.",
        ),
        NOT_SHOWN,
        MOVED,
        Refusal(
            Never,
            (422,),
            sentence="{partner} does not take the address of this server: either it cannot reach "
            "it, or its administrator must allow it under Outbound requests, or the project has "
            "too many webhooks.",
        ),
        TOO_MANY,
    ),
)
