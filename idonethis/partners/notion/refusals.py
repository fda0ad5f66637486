"""What Notion's refusals mean: the code decides. How long to wait it says in ``Retry-After``:
https://developers.notion.com/reference/request-limits

A page that nobody has shared with us, or not any more, is not there."""

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
    source="https://developers.notion.com/reference/status-codes",
    word="code",
    refusals=(
        Refusal(
            Again,
            (429,),
            sentence="{partner} wants fewer calls ({word}).",
            after=60,
        ),
        Refusal(Again, (409,), sentence="{partner} was just changing this ({word}).", after=5),
        Refusal(
            NeedsReconnect, (401,), sentence="{partner} no longer accepts our access ({word})."
        ),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let us do that ({word}). Connect {partner} again, and let "
            "us read content and people.",
        ),
        Refusal(
            Gone,
            (404,),
            sentence="{partner} does not know this (any more), or it is not shared with us "
            "({word}).",
        ),
        Refusal(Never, (400,), sentence="{partner} refused the request ({word})."),
    ),
)
