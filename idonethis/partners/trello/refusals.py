"""What Trello's refusals mean: it says 401 both of a token that holds no longer and of what a token
may not do, so the word decides. It names no time to come back after too many calls; its windows are
ten seconds long.

https://developer.atlassian.com/cloud/trello/guides/rest-api/rate-limits/"""

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
    source="https://developer.atlassian.com/cloud/trello/guides/rest-api/status-codes/",
    word="message",
    refusals=(
        Refusal(
            NeedsPermission,
            (401,),
            ("unauthorized *permission requested", "*does not belong to token", "missing scopes"),
            sentence="{partner} does not let this account do that ({word}).",
        ),
        Refusal(
            NeedsReconnect,
            (401,),
            sentence="{partner} no longer accepts our access ({word}).",
        ),
        Refusal(
            Never,
            (400,),
            ("url * did not return 200 status code*",),
            sentence="{partner} takes only addresses that it can reach from the internet, and it "
            "cannot reach this server.",
        ),
        Refusal(Never, (400,), sentence="{partner} refused the request ({word})."),
        Refusal(Again, (429,), sentence="{partner} wants fewer calls ({word}).", after=10),
    ),
)
