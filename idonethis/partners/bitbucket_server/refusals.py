"""What refusals of Bitbucket Data Center mean. It answers 401 also to whom it knows, and does not
let do that; but whom it knows, it names in a header."""

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

MUST_ADMINISTER = (
    "{partner} does not let this token do that: it needs the permission Repository admin, and its "
    "owner must administer the repository."
)
ANSWERS = Answers(
    source="https://developer.atlassian.com/server/bitbucket/rest/v811/intro/#errors---validation",
    word="errors.message",
    refusals=(
        Refusal(
            NeedsReconnect,
            (401,),
            header="x-ausername: anonymous",
            sentence="{partner} takes this token no longer ({word}).",
        ),
        Refusal(NeedsPermission, (401,), header="x-ausername: ?*", sentence=MUST_ADMINISTER),
        Refusal(NeedsReconnect, (401,), sentence="{partner} takes this token no longer ({word})."),
        Refusal(NeedsPermission, (403,), sentence=MUST_ADMINISTER),
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
        Refusal(Never, (400, 409, 422), sentence="{partner} does not take this webhook ({word})."),
        Refusal(Again, (429,), sentence="{partner} wants fewer calls.", after=60),
    ),
)
