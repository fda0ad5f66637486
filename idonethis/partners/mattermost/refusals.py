"""What Mattermost's refusals mean: https://developers.mattermost.com/api-documentation/#/#errors

It refuses in the same way at the address of a webhook, and then the word begins with where. That a
feature is switched off is a 501, which no waiting mends."""

from __future__ import annotations

from idonethis.integrations.base import (
    ADDRESS_REFUSED,
    Answers,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
    Vanished,
)
from idonethis.integrations.kits.tokens import MOVED, TOO_MANY

ANSWERS = Answers(
    source="https://developers.mattermost.com/api-documentation/",
    word="id",
    refusals=(
        Refusal(
            NeedsReconnect,
            (401,),
            ("api.*",),
            sentence="{partner} takes this token no longer ({message}).",
        ),
        Refusal(
            NeedsPermission,
            (501,),
            sentence="{partner} has this switched off ({message}). An administrator allows it in "
            "the System Console, under Integrations → Integration Management.",
        ),
        Refusal(
            NeedsPermission,
            (403,),
            ("api.outgoing_webhook.*", "api.webhook.*"),
            sentence="{partner} tells only of public channels what people say ({message}). Pick "
            "one, or leave “Log what people say there” out.",
        ),
        Refusal(
            NeedsPermission,
            (403,),
            ("api.*",),
            sentence="{partner} does not let this account do that ({message}): it must be in the "
            "channel, and be allowed to manage outgoing webhooks of the team.",
        ),
        Refusal(
            Vanished,
            (400,),
            ("*permissions_time_limit*",),
            sentence="The message may not be changed any more.",
        ),
        Refusal(
            Gone,
            (400, 404),
            ("web.incoming_webhook.invalid*", "web.incoming_webhook.channel.*"),
            sentence="The webhook or its channel is gone at {partner}.",
        ),
        Refusal(
            Gone,
            (404,),
            ("*.app_error",),
            sentence="{partner} does not know this (any more) ({message}).",
        ),
        *ADDRESS_REFUSED,
        Refusal(Never, (400,), ("*",), sentence="{partner} does not take this ({message})."),
        TOO_MANY,
        MOVED,
    ),
)
