"""The calls we make to GitLab: https://docs.gitlab.com/api/rest/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    Secret,
    StandingHook,
    line,
    record,
    records,
)
from idonethis.partners.gitlab.payload import named

#: https://docs.gitlab.com/api/project_webhooks/#add-a-webhook-to-a-project
EVENTS = frozenset(
    ("push_events", "merge_requests_events", "issues_events", "releases_events", "pipeline_events")
)
#: Access levels of a maintainer and above: https://docs.gitlab.com/api/access_requests/
MAINTAINER = 40


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """Of a GitLab of one's own, an id begins with the name of the server that was typed, whatever
    it says of itself. https://docs.gitlab.com/api/users/#retrieve-the-current-user"""
    me = record(client.get("/user").json)
    number = line(me.get("id"))
    return Account(
        uid=named(typed["site"], number) if number.isdecimal() else "",
        login=line(me.get("username")),
        name=line(me.get("name")),
        secrets=dict(typed),
    )


def projects(client: Client, site: str, query: str) -> Sequence[Choice]:
    """https://docs.gitlab.com/api/projects/#list-all-projects"""
    asked = {
        "membership": "true",
        "min_access_level": MAINTAINER,
        "archived": "false",
        "simple": "true",
        "order_by": "last_activity_at",
        "search_namespaces": "true",
        "search": query,
        "per_page": 100,
    }
    found = records(client.get("/projects", params=asked).json)
    return [_choice(site, line(each.get("id")), each) for each in found]


def _choice(site: str, number: str, project: Mapping[str, Any]) -> Choice:
    name = line(project.get("path_with_namespace"))
    return Choice(f"{site}/{number}|{name}", name)


def create_hook(client: Client, project: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """One that GitLab has given up is made anew: no call sets it going again."""
    standing = standing_hook(client, project, url=url, remote_id=remote_id)
    if standing and not standing.active:
        client.delete(_one(project, standing.remote_id))
        standing = None
    wanted: dict[str, Any] = {
        "url": url,
        **dict.fromkeys(EVENTS, True),
        "confidential_issues_events": False,
        "push_events_branch_filter": "",
        "enable_ssl_verification": True,
    }
    return _kept(
        client, project, wanted, secret=secret, known=standing.remote_id if standing else ""
    )


def _kept(
    client: Client, project: str, wanted: Mapping[str, Any], *, secret: Secret, known: str
) -> str:
    """A GitLab that signs need not say the secret, and is told to say it no longer; one that does
    not, or not yet, ignores the signing token, and says the same secret as its token."""
    method, path = ("PUT", _one(project, known)) if known else ("POST", _all(project))
    made = record(client.call(method, path, json={**wanted, "signing_token": str(secret)}).json)
    name, is_signed = line(made.get("id")), made.get("signing_token_present") is True
    if not is_signed or made.get("token_present"):
        token = {"url": wanted["url"], "token": "" if is_signed else str(secret)}
        client.call("PUT", _one(project, name), json=token)
    return name


def standing_hook(client: Client, project: str, *, url: str, remote_id: str) -> StandingHook | None:
    """https://docs.gitlab.com/api/project_webhooks/#list-webhooks-for-a-project"""
    return StandingHook.among(_standing(client, project), url=url, remote_id=remote_id)


def _standing(client: Client, project: str) -> Iterator[StandingHook]:
    """GitLab lets a project have a hundred, and that many are shown at once."""
    listed = client.get(_all(project), params={"per_page": 100}).json
    return map(_facts, records(listed))


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    is_known = hook.get("signing_token_present") is True or hook.get("token_present") is not False
    is_checked = hook.get("enable_ssl_verification") is not False
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(hook.get("url")),
        events=frozenset(name for name in EVENTS if hook.get(name) is True),
        active=hook.get("alert_status") != "disabled",
        sound=is_known and is_checked and not hook.get("push_events_branch_filter"),
    )


def destroy_hook(client: Client, project: str, *, url: str, remote_id: str) -> None:
    """https://docs.gitlab.com/api/project_webhooks/#delete-a-project-webhook"""
    try:
        standing = standing_hook(client, project, url=url, remote_id=remote_id)
        if standing:
            client.delete(_one(project, standing.remote_id))
    except Gone:
        return


def path_of(project: str) -> str:
    return f"/projects/{quote(project, safe='')}"


def _all(project: str) -> str:
    return f"{path_of(project)}/hooks"


def _one(project: str, hook: str) -> str:
    return f"{_all(project)}/{quote(hook, safe='')}"
