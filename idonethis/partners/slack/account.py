"""Whom a token speaks for: https://docs.slack.dev/reference/methods/oauth.v2.access"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idonethis.integrations.base import Account, Never, record
from idonethis.partners.slack.payload import uid, word


def account(token: Mapping[str, Any]) -> Account:
    """The person who connected, and the workspace in whose name the app acts from then on. The
    person's name is not asked for: it would take the right to read the whole directory."""
    team, person = record(token.get("team")), word(record(token.get("authed_user")), "id")
    if token.get("is_enterprise_install") or not word(team, "id"):
        raise Never(
            "Slack installed the app for a whole Enterprise organisation. Nothing was connected: "
            "install it into one workspace instead."
        )
    if not person:
        raise Never("Slack does not say who connected it. Nothing was connected; try again.")
    name = word(team, "name") or word(team, "id")
    who = uid(word(team, "id"), person)
    return Account(who, name=f"{person} in {name}", workspace=_workspace(token, team))


def _workspace(token: Mapping[str, Any], team: Mapping[str, Any]) -> Account:
    scopes = [scope for scope in word(token, "scope").split(",") if scope]
    secrets = {name: word(token, name) for name in ("access_token", "bot_user_id")}
    return Account(
        word(team, "id"),
        name=word(team, "name"),
        scopes=tuple(scopes),
        secrets=secrets,
    )
