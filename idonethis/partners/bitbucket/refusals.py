"""What Bitbucket's refusals mean; the rest is as everywhere. Its limits are those of a rolling
hour: https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/"""

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
    source="https://developer.atlassian.com/cloud/bitbucket/rest/intro/#standardized-error-responses",
    word="error.message",
    refusals=(
        Refusal(Again, (429,), sentence="{partner} wants fewer calls ({word}).", after=300),
        Refusal(
            NeedsReconnect, (401,), sentence="{partner} no longer accepts our access ({word})."
        ),
        Refusal(
            NeedsPermission,
            (403,),
            says=("*privilege scopes*",),
            sentence="The OAuth consumer of this server lacks a permission at {partner} ({word}). "
            "Its administrator must tick it there; then connect {partner} again.",
        ),
        # https://developer.atlassian.com/cloud/bitbucket/changelog/: so it says that a call, and
        # not what it is about, is gone.
        Refusal(
            Never,
            (410,),
            says=("change-*",),
            sentence="{partner} has ended this call ({word}). A newer version of I Done This may "
            "know another one.",
        ),
        Refusal(Never, (400,), sentence="{partner} refused the request ({word})."),
    ),
)
