"""Users and organizations."""

from __future__ import annotations

from ...store import Record
from ..commits import moment
from .web import Web, node_id


def user(web: Web, account: Record) -> Record:
    """A simple user, as in `sender`."""
    login = account["login"]
    api = web.api("users", login)
    return {
        "login": login,
        "id": account["id"],
        "node_id": node_id(account["type"], account["id"]),
        "avatar_url": web.page("avatars", "u", f"{account['id']}?"),
        "gravatar_id": "",
        "url": api,
        "html_url": web.page(login.removesuffix("[bot]")),
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": account["type"],
        "user_view_type": "public",
        "site_admin": False,
    }


def profile(web: Web, account: Record, *, now: float) -> Record:
    """The authenticated user. The address is null, as for anyone who keeps it private."""
    return {
        **user(web, account),
        "name": account["name"],
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "notification_email": None,
        "public_repos": 1,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": moment(0),
        "updated_at": moment(now),
    }


def organization(web: Web, account: Record) -> Record:
    api = web.api("orgs", account["login"])
    return {
        "login": account["login"],
        "id": account["id"],
        "node_id": node_id("Organization", account["id"]),
        "url": api,
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events",
        "hooks_url": f"{api}/hooks",
        "issues_url": f"{api}/issues",
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": web.page("avatars", "u", f"{account['id']}?"),
        "description": None,
    }
