"""What ClickUp's refusals mean. A code tells what is wrong with a token. When there may be calls
again, a header says, as a time: https://developer.clickup.com/docs/rate-limits

A workspace that somebody has not ticked on the consent page is no reason to give up the whole
grant, which may hold for others."""

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
    source="https://developer.clickup.com/docs/common_errors",
    word="ECODE",
    refusals=(
        Refusal(Again, (429,), sentence="{partner} wants fewer calls ({err}).", after=60),
        Refusal(
            NeedsPermission,
            (401,),
            ("oauth_023", "oauth_026", "oauth_027", "oauth_029", "oauth_03?", "oauth_04[0-5]"),
            sentence="We were not let into this workspace at {partner} ({word}). Connect {partner} "
            "again, and tick the workspace there.",
        ),
        Refusal(
            NeedsReconnect,
            (401,),
            sentence="{partner} no longer accepts our access ({err}, {word}).",
        ),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this account do that ({err}).",
        ),
        Refusal(Gone, (404,), sentence="{partner} does not know this (any more) ({err})."),
        Refusal(Never, (400, 422), sentence="{partner} refused the request ({err}, {word})."),
    ),
)
