"""What refusals of Gitea and Forgejo mean. What was renamed or moved is answered with a redirect to
a path of the same server, which is not followed: a link names its repository as people do. Servers
count no calls themselves; those in front of them do, and say so as everybody does."""

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
    source="https://docs.gitea.com/development/api-usage",
    word="message",
    refusals=(
        Refusal(NeedsReconnect, (401,), sentence="{partner} takes this token no longer ({word})."),
        Refusal(
            NeedsPermission,
            (403,),
            sentence="{partner} does not let this token do that ({word}): it needs the permissions "
            "repository and user, and its owner must administer the repository.",
        ),
        Refusal(
            Gone,
            (404,),
            sentence="{partner} does not know this (any more), or does not show it to this token "
            "({word}).",
        ),
        Refusal(
            NeedsPermission,
            (301, 302, 307, 308),
            header="location: /*api/v1/repos/*",
            sentence="The repository has another name or owner by now. Pick it again.",
        ),
        Refusal(
            Never,
            (301, 308),
            sentence="{partner} is at another address now. Type it as your browser shows it.",
        ),
        Refusal(Never, (422,), sentence="{partner} does not take this webhook ({word})."),
        Refusal(Again, (429,), sentence="{partner} wants fewer calls.", after=60),
    ),
)
