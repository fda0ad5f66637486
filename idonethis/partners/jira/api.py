"""The calls we make to Atlassian's cloud. An account may belong to several sites, each with a Jira
of its own, which is named by its cloud id:
https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    NeedsPermission,
    Never,
    line,
    record,
    records,
)

#: How many projects of a site are offered at once.
MOST_PROJECTS = 30


def account(client: Client, token: Mapping[str, Any]) -> Account:
    """https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/#how-do-i-retrieve-the-public-profile-of-the-authenticated-user-"""
    me = record(client.get("/me").json)
    return Account(
        uid=line(me.get("account_id")),
        name=line(me.get("name")),
        email=line(me.get("email")),
        secrets={"access_token": token["access_token"]},
    )


def path(site: str, rest: str) -> str:
    return f"/ex/jira/{quote(site, safe='')}/rest/api/3{rest}"


def projects(client: Client, query: str) -> Sequence[Choice]:
    return [choice for site in _sites(client) for choice in _in(client, site, query)]


def _sites(client: Client) -> list[Mapping[str, Any]]:
    """Those with a Jira that we were let into; Confluence may stand among them.
    https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/#3-1-get-the-cloudid-for-your-site"""
    listed = records(client.get("/oauth/token/accessible-resources").json)
    return [each for each in listed if "read:jira-work" in (each.get("scopes") or ())]


def _in(client: Client, site: Mapping[str, Any], query: str) -> Iterator[Choice]:
    """https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-search-get"""
    asked = {"maxResults": MOST_PROJECTS, "orderBy": "-lastIssueUpdatedTime"}
    named = {"query": query} if query else {}
    cloud = line(site.get("id"))
    said = client.get(path(cloud, "/project/search"), params={**asked, **named}).json
    for each in records(record(said).get("values")):
        name = f"{line(each.get('name'))} ({line(each.get('key'))})"
        value = f"{cloud}/{line(each.get('id'))}|{name}"
        yield Choice(value[:200], name, line(site.get("name")))


def check(client: Client, subject: str) -> None:
    """https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-projectidorkey-get"""
    site, _, project = subject.partition("/")
    if not project:
        raise Never("Pick the project whose issues are to be logged.")
    try:
        client.get(path(site, f"/project/{quote(project, safe='')}"))
    except Gone as problem:
        raise NeedsPermission(
            "Jira does not show that project to this account. Somebody who may browse it must "
            "connect their account here."
        ) from problem
