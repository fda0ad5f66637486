"""What Basecamp's refusals mean; the rest is as everywhere. What somebody may not see is not there,
and of an account that is suspended nothing is, which a header says."""

from __future__ import annotations

from idonethis.integrations.base import Again, Answers, NeedsPermission, Never, Refusal

ANSWERS = Answers(
    source="https://github.com/basecamp/bc3-api/blob/master/README.md#handling-errors",
    word="error",
    refusals=(
        Refusal(Again, (429,), sentence="{partner} wants fewer calls.", after=10),
        Refusal(
            NeedsPermission,
            (404,),
            header="reason: Account Inactive",
            sentence="{partner} has suspended this account: its trial or its plan has ended.",
        ),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this account do that ({word}). Clients may make no "
            "webhooks there.",
        ),
        Refusal(
            Never,
            (507,),
            sentence="The account at {partner} has as many webhooks as it may have. Remove one "
            "there, and try again.",
        ),
        Refusal(Never, (400,), sentence="{partner} refused the request ({word})."),
    ),
)
