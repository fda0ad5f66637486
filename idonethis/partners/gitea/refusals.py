"""What refusals of Gitea and Forgejo mean. What was renamed or moved is answered with a redirect to
a path of the same server, which is not followed: a link names its repository as people do. Servers
count no calls themselves; those in front of them do, and say so as everybody does."""

from __future__ import annotations

from idonethis.integrations.base import (
    Answers,
    NeedsPermission,
    Never,
    Refusal,
)
from idonethis.integrations.kits.tokens import MOVED, NOT_SHOWN, NOT_TAKEN, TOO_MANY

ANSWERS = Answers(
    source="https://docs.gitea.com/development/api-usage",
    word="message",
    refusals=(
        NOT_TAKEN,
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that ({word}): it needs the permissions "
            "repository and user, and its owner must administer the repository.",
        ),
        NOT_SHOWN,
        Refusal(
            NeedsPermission,
            (301, 302, 307, 308),
            header="location: /*api/v1/repos/*",
            sentence="The repository has another name or owner by now. Pick it again.",
        ),
        MOVED,
        Refusal(Never, (422,), sentence="{partner} does not take this webhook ({word})."),
        TOO_MANY,
    ),
)
