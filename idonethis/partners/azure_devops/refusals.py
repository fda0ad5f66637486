"""What refusals of Azure DevOps mean. Whoever has no valid token may be sent to a page to sign in,
or be shown one, with a status that is a success elsewhere. How often it may be asked:
https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits"""

from __future__ import annotations

from idonethis.integrations.base import (
    Answers,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
)
from idonethis.integrations.kits.tokens import MOVED, NO_LONGER, NOT_SHOWN, TOO_MANY

ANSWERS = Answers(
    source="https://learn.microsoft.com/azure/devops/integrate/concepts/integration-bestpractices",
    word="message",
    refusals=(
        Refusal(NeedsReconnect, (203, 401), sentence=NO_LONGER),
        Refusal(NeedsReconnect, (302,), header="location: *_signin*", sentence=NO_LONGER),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that ({word}): it needs the scopes "
            "Code, Work Items, and Project and Team, and its owner must administer the project.",
        ),
        NOT_SHOWN,
        MOVED,
        Refusal(
            Never, (400, 409, 422), sentence="{partner} does not take this subscription ({word})."
        ),
        TOO_MANY,
    ),
)
