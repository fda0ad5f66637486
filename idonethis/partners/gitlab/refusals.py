"""What GitLab's refusals mean. A project that a token may not see is one that is not there. After
too many calls it says in Retry-After, or in RateLimit-Reset, when to come back:
https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers"""

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
    source="https://docs.gitlab.com/api/rest/troubleshooting/#status-codes",
    word="message",
    refusals=(
        Refusal(NeedsReconnect, (401,), sentence="{partner} takes this token no longer ({word})."),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that: it needs the scope api, and its "
            "owner must be a maintainer of the project.",
        ),
        Refusal(
            Gone,
            (404,),
            sentence="{partner} does not know this (any more), or does not show it to this token "
            "({word}).",
        ),
        Refusal(
            Never,
            (301, 308),
            sentence="{partner} is at another address now. Type it as your browser shows it.",
        ),
        Refusal(
            Never,
            (422,),
            sentence="{partner} does not take the address of this server: either it cannot reach "
            "it, or its administrator must allow it under Outbound requests, or the project has "
            "too many webhooks.",
        ),
        Refusal(Again, (429,), sentence="{partner} wants fewer calls.", after=60),
    ),
)
