"""What Linear's refusals mean: the word decides, since GraphQL refuses with 200 and 400 alike.

It names no time to come back in seconds; what may be asked grows back steadily, by one call in
three seconds: https://linear.app/developers/rate-limiting"""

from __future__ import annotations

from idonethis.integrations.base import (
    Again,
    Answers,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
)

ANSWERS = Answers(
    source="https://linear.app/developers/graphql",
    word="errors.extensions.code",
    failure="errors",
    refusals=(
        Refusal(
            Again, says=("ratelimited",), sentence="{partner} wants fewer calls ({word}).", after=60
        ),
        Refusal(
            Again,
            says=("internal*", "lock_timeout", "network*"),
            sentence="{partner} is out of order ({word}).",
        ),
        Refusal(
            NeedsReconnect,
            says=("authentication_error",),
            sentence="{partner} no longer accepts our access ({word}).",
        ),
        Refusal(
            NeedsPermission,
            says=("forbidden", "feature_not_accessible"),
            sentence="{partner} does not let this account do that ({word}). Webhooks take an admin "
            "of the workspace.",
        ),
        Refusal(Never, (200, 400), sentence="{partner} refused the request ({word})."),
    ),
)
