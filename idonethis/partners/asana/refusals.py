"""What Asana's refusals mean; the rest is as everywhere. How long to wait it says itself, in
``Retry-After``: https://developers.asana.com/docs/rate-limits

Whoever makes a webhook as soon as the one before is removed may hear that it is still there."""

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
    source="https://developers.asana.com/docs/errors",
    word="errors.message",
    refusals=(
        Refusal(Again, (429,), sentence="{partner} wants fewer calls ({word}).", after=60),
        Refusal(
            Again,
            (403,),
            ("duplicated webhook*",),
            sentence="{partner} still has the webhook of before ({word}).",
            after=60,
        ),
        Refusal(
            NeedsReconnect, (401,), sentence="{partner} no longer accepts our access ({word})."
        ),
        Refusal(
            NeedsPermission,
            (402,),
            sentence="{partner} says that the plan there does not have what this takes ({word}).",
        ),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this account do that ({word}). It must be a member of "
            "the project.",
        ),
        Refusal(
            Gone,
            (404,),
            sentence="{partner} does not know this (any more), or does not show it to this account "
            "({word}).",
        ),
        Refusal(Never, (400, 451), sentence="{partner} refused the request ({word})."),
    ),
)
