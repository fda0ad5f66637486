"""What GitHub means when it says no; the rest is as everywhere.
https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api"""

from __future__ import annotations

from idonethis.integrations.base import (
    Again,
    Answers,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Refusal,
)

ANSWERS = Answers(
    source="https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api",
    word="message",
    refusals=(
        # https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: without
        # a header that says when, at least a minute.
        Refusal(
            Again,
            (403, 429),
            says=("*secondary rate limit*", "*abuse detection*", "*rate limit exceeded*"),
            sentence="GitHub has been asked too much for now ({status}).",
            after=60,
        ),
        Refusal(
            NeedsReconnect,
            (401,),
            sentence="GitHub no longer accepts our access ({word}). Connect GitHub again; nothing "
            "is lost.",
        ),
        # https://docs.github.com/en/apps/oauth-apps/using-oauth-apps/authorizing-oauth-apps
        Refusal(
            NeedsPermission,
            (403,),
            says=("*saml*", "*single sign-on*"),
            sentence="The organisation wants its single sign-on first. Connect GitHub again, and "
            "press “Authorize” beside the organisation there.",
        ),
        # https://docs.github.com/en/organizations/managing-oauth-access-to-your-organizations-data
        Refusal(
            NeedsPermission,
            (403,),
            says=("*oauth app access restrictions*",),
            sentence="The organisation has not approved this application. Ask one of its owners: "
            "Settings, Third-party access.",
        ),
        Refusal(
            NeedsPermission,
            (403,),
            says=("*archived*",),
            sentence="The repository is archived, so nothing in it can be changed. Take it out of "
            "the archive at GitHub, or remove the link.",
        ),
        # Also what it answers to those who may not know that the thing exists.
        Refusal(
            Gone,
            (404,),
            sentence="GitHub does not show this to us: it is not there, or is not ours to see.",
        ),
        Refusal(Gone, (410, 451), sentence="GitHub has taken this away ({word})."),
    ),
)
