"""What happens to our app in a workspace: https://docs.slack.dev/reference/events"""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import Event, Ignored, Reason, Revoked
from idonethis.partners.slack.payload import Sent, uid


def uninstalled(sent: Sent) -> Iterator[Event]:
    yield Revoked((sent.workspace,), "The app was removed from the workspace. Connect it again.")


def revoked(sent: Sent) -> Iterator[Event]:
    tokens = sent["event"].get("tokens")
    found = tokens if isinstance(tokens, dict) else {}
    people = tuple(uid(sent.workspace, person) for person in found.get("oauth") or ())
    bots = (sent.workspace,) if found.get("bot") else ()
    yield Revoked(people + bots, "The workspace took its grant back. Connect it again.")


def other(sent: Sent) -> Iterator[Event]:
    yield Ignored(Reason.UNSUPPORTED, f"“{sent.kind or 'this'}” never makes an entry.")
