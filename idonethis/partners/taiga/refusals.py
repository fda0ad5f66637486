"""What Taiga's refusals mean. How long one has to wait after too many calls, it says in a header of
its own; a minute is enough. https://docs.taiga.io/api.html#_throttling"""

from __future__ import annotations

from idonethis.integrations.base import Answers, NeedsPermission, NeedsReconnect, Never, Refusal
from idonethis.integrations.kits.tokens import MOVED, NOT_SHOWN, TOO_MANY

ANSWERS = Answers(
    source="https://docs.taiga.io/api.html",
    word="_error_message",
    refusals=(
        Refusal(NeedsReconnect, (401,), sentence="{partner} takes this login no longer."),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this account do that ({word}): webhooks take an "
            "administrator of the project.",
        ),
        NOT_SHOWN,
        MOVED,
        Refusal(NeedsPermission, (451,), sentence="{partner} has blocked this project ({word})."),
        Refusal(
            Never,
            (400, 422),
            sentence="{partner} does not take this webhook ({word}). Mostly it is set to send "
            "nothing into private networks, and this server lies in one.",
        ),
        TOO_MANY,
    ),
)
