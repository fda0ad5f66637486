"""What Toggl Track's refusals mean. It refuses with a line of plain text; that an hour's calls are
spent is a 402, as it depends on the plan; and it says 403 also of a token that it does not know."""

from __future__ import annotations

from idonethis.integrations.base import (
    Again,
    Answers,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
)
from idonethis.integrations.kits.tokens import NO_LONGER, TOO_MANY_IN_WORDS

ANSWERS = Answers(
    source="https://engineering.toggl.com/docs/#api-quota",
    word="message",
    refusals=(
        Refusal(
            Again,
            (402,),
            sentence="The calls to {partner} that this plan allows in an hour are spent.",
            after=1800,
        ),
        TOO_MANY_IN_WORDS,
        Refusal(
            NeedsReconnect,
            (401, 403),
            ("incorrect username and/or password*",),
            sentence=NO_LONGER,
        ),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this account do that ({word}). Webhooks take somebody "
            "who administers the workspace.",
        ),
        Refusal(Never, (400,), sentence="{partner} refused the request ({word})."),
    ),
)
