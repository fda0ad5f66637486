"""What Stripe's refusals mean. What a restricted key may not do, it says with the permission that
is missing: https://docs.stripe.com/keys/restricted-api-keys"""

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
    source="https://docs.stripe.com/api/errors",
    word="error.message",
    refusals=(
        Refusal(NeedsReconnect, (401,), sentence="{partner} takes this key no longer ({word})."),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this key do that ({word}). It needs webhook_write and "
            "connected_account_read.",
        ),
        Refusal(Gone, (404,), sentence="{partner} does not know this (any more) ({word})."),
        Refusal(Never, (400,), sentence="{partner} does not take this webhook ({word})."),
        Refusal(Again, (409, 429), sentence="{partner} wants fewer calls ({word}).", after=10),
    ),
)
