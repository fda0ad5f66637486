"""What happens to our app in a workspace: https://docs.slack.dev/reference/events"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import Event, Ignored, Reason, Revoked, record
from idonethis.partners.slack.payload import Sent


def uninstalled(sent: Sent) -> Iterator[Event]:
    """https://docs.slack.dev/reference/events/app_uninstalled"""
    yield Revoked(
        (sent.workspace,),
        "The app was removed from the Slack workspace. Connect Slack again to go on.",
    )


def revoked(sent: Sent) -> Iterator[Event]:
    """Of the app alone: tokens of people are none of ours.
    https://docs.slack.dev/reference/events/tokens_revoked"""
    if record(sent["event"].get("tokens")).get("bot"):
        why = "The Slack workspace took its permission back. Connect Slack again to go on."
        yield Revoked((sent.workspace,), why)
    else:
        yield Ignored(Reason.UNSUPPORTED, "Only tokens of people were revoked; we have none.")


def other(sent: Sent) -> Iterator[Event]:
    name = f"“{sent.kind}”" if sent.kind else "This kind of request"
    yield Ignored(Reason.UNSUPPORTED, f"{name[:60]} never makes an entry.")
