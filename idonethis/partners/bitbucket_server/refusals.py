"""What refusals of Bitbucket Data Center mean. It answers 401 also to whom it knows, and does not
let do that; but whom it knows, it names in a header."""

from __future__ import annotations

from idonethis.integrations.base import (
    Answers,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
)
from idonethis.integrations.kits.tokens import MOVED, NO_LONGER, NOT_SHOWN, NOT_TAKEN, TOO_MANY

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
            sentence=NO_LONGER,
        ),
        Refusal(NeedsPermission, (401,), header="x-ausername: ?*", sentence=MUST_ADMINISTER),
        NOT_TAKEN,
        Refusal(NeedsPermission, (403,), sentence=MUST_ADMINISTER),
        NOT_SHOWN,
        MOVED,
        Refusal(Never, (400, 409, 422), sentence="{partner} does not take this webhook ({word})."),
        TOO_MANY,
    ),
)
