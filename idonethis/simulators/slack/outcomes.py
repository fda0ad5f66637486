"""What a person sees of an interaction, and what the application's answer was."""

from __future__ import annotations

import json

from ..sending import Attempt
from ..store import Record
from .errors import SlackError
from .messages import content_of, public

TROUBLE = "We had some trouble connecting. Try again?"


def command_error(attempt: Attempt) -> str:
    """The word that a person sees when a command got no proper answer within three seconds.

    Seen in the wild: https://github.com/Netflix/dispatch/issues/495,
    https://github.com/slackapi/bolt-python/issues/951
    """
    if attempt.status is None:
        return "operation_timeout" if attempt.error == "timeout" else "dispatch_failed"
    if attempt.arrived:
        return ""
    return "http_service_error" if attempt.status >= 500 else "http_client_error"


def trouble(attempt: Attempt) -> str:
    return "" if attempt.arrived else TROUBLE


def json_answer(attempt: Attempt) -> Record | None:
    try:
        body = json.loads(attempt.body) if attempt.arrived else None
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def immediate(attempt: Attempt) -> Record | None:
    """The message in the answer, if there is one: JSON, or plain text."""
    if not attempt.arrived or not attempt.body.strip():
        return None
    try:
        body = json.loads(attempt.body)
        return body if isinstance(body, dict) and content_of(body) else None
    except SlackError:
        return None
    except ValueError:
        return {"text": attempt.body}


def outcome(
    attempt: Attempt, seen: list[Record], *, error: str, immediate: Record | None
) -> Record:
    """The result of a control call. error is what the person reads, None when all went well."""
    return {
        "error": error or None,
        "immediate": immediate,
        "seen": [public(message) for message in seen],
        "status": attempt.status,
        "seconds": attempt.seconds,
        "ms": round(attempt.seconds * 1000),
    }
