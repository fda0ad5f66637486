"""What monday.com's refusals mean: the word decides, since GraphQL refuses with 200, too. When to
come back it says beside the word, and mostly in ``Retry-After``:
https://developer.monday.com/api-reference/docs/rate-limits"""

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
    source="https://developer.monday.com/api-reference/docs/error-handling",
    word="errors.extensions.code",
    failure="errors",
    wait="errors.extensions.retry_in_seconds",
    refusals=(
        Refusal(
            NeedsReconnect, (401,), sentence="{partner} no longer accepts our access ({word})."
        ),
        Refusal(
            Again,
            says=("daily_limit*",),
            sentence="The calls to {partner} that this plan allows in a day are spent ({word}).",
            after=3600,
        ),
        Refusal(
            Again,
            says=("*complexity*", "*limit_exceeded*", "*concurrency*", "*temporarily*"),
            sentence="{partner} wants fewer calls ({word}).",
            after=60,
        ),
        Refusal(Again, (423, 429), sentence="{partner} wants fewer calls ({word}).", after=60),
        Refusal(
            Again,
            says=("*internal*", "*timeout*"),
            sentence="{partner} is out of order ({word}).",
        ),
        Refusal(
            NeedsPermission,
            says=("*unauthorized*", "*permission*", "*scope*", "*access_denied*"),
            sentence="{partner} does not let this account do that ({word}).",
        ),
        Refusal(
            Gone,
            says=("*notfound*", "*not_found*", "invalidboardid*", "invalidwebhookid*"),
            sentence="{partner} does not know this (any more) ({word}).",
        ),
        Refusal(Never, (200, 400), sentence="{partner} refused the request ({word})."),
    ),
)
