"""What Jira's refusals mean; the rest is as everywhere. How long to wait it says itself:
https://developer.atlassian.com/cloud/jira/platform/rate-limiting/"""

from __future__ import annotations

from idonethis.integrations.base import (
    Again,
    Answers,
    NeedsPermission,
    NeedsReconnect,
    Refusal,
)

ANSWERS = Answers(
    source="https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes",
    word="message",
    refusals=(
        Refusal(Again, (429,), sentence="{partner} wants fewer calls ({status}).", after=60),
        # A token that lacks a scope is refused like one that has run out, but for the words.
        Refusal(
            NeedsPermission,
            (401, 403),
            says=("*scope*",),
            sentence="The app of this server lacks a permission at {partner} ({word}). Its "
            "administrator must add it there; then connect {partner} again.",
        ),
        Refusal(
            NeedsReconnect, (401,), sentence="{partner} no longer accepts our access ({word})."
        ),
    ),
)
