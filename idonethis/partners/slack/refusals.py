"""What Slack means when it says no: it refuses with a 200 and a word. The words of a method
stand on its page of https://docs.slack.dev/reference/methods."""

from __future__ import annotations

from idonethis.integrations.base import (
    Again,
    Answers,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
    Vanished,
)


class NoMessage(Vanished):
    """Somebody deleted the message in Slack."""


DEAD = "Slack no longer accepts our access ({word}). Connect Slack again; nothing is lost."
INVITE = "The app is not in that channel. Type “/invite @I Done This” there, then resume the link."
FORBIDDEN = (
    "The workspace does not let the app do this ({word}). Ask one of the workspace's "
    "administrators to allow it, then resume the link."
)
SCOPE = "The app lacks a permission ({word}: {needed}). Connect Slack again to grant it."
CHANNEL = "Slack does not know that channel. Pick another one, or invite the app if it is private."
ARCHIVED = "The channel is archived. Take it out of the archive in Slack, or pick another one."
WAIT = "Slack cannot take it right now ({word})."
DELETED = "Somebody deleted the message in Slack."
FIXED = "Slack does not let this message be changed any more ({word}). It stays as it is there."

ANSWERS = Answers(
    source="https://docs.slack.dev/reference/methods/chat.postMessage#errors",
    word="error",
    success="ok",
    refusals=(
        Refusal(
            NeedsReconnect,
            says=("invalid_auth", "not_authed", "token_revoked", "token_expired",
                  "account_inactive"),
            sentence=DEAD,
        ),
        Refusal(NeedsPermission, says=("missing_scope",), sentence=SCOPE),
        Refusal(NeedsPermission, says=("not_in_channel",), sentence=INVITE),
        Refusal(
            NeedsPermission,
            says=("restricted_action*", "no_permission", "access_denied", "ekm_access_denied",
                  "team_access_not_granted", "not_allowed_token_type", "org_login_required",
                  "enterprise_is_restricted", "accesslimited"),
            sentence=FORBIDDEN,
        ),
        Refusal(Gone, says=("channel_not_found",), sentence=CHANNEL),
        Refusal(Gone, says=("is_archived",), sentence=ARCHIVED),
        Refusal(NoMessage, says=("message_not_found",), sentence=DELETED),
        Refusal(
            Again,
            says=("ratelimited", "rate_limited", "internal_error", "fatal_error",
                  "service_unavailable", "request_timeout", "team_added_to_org",
                  "external_channel_migrating"),
            sentence=WAIT,
        ),
        Refusal(
            Never,
            says=("cant_update_message", "edit_window_closed", "cant_delete_message"),
            sentence=FIXED,
        ),
        Refusal(Never, (200,), sentence="Slack refused it ({word})."),
    ),
)  # fmt: skip
