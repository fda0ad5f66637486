"""The calls we make to Azure DevOps: https://learn.microsoft.com/rest/api/azure/devops/

The version of the API is one that servers of one's own know, too, from Azure DevOps Server 2020
on."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Never,
    choices_of,
    line,
    record,
    records,
)
from idonethis.partners.azure_devops.payload import named

VERSION = "6.0"
#: As whom public projects are shown to everybody.
ANONYMOUS = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"
PROJECT = re.compile(r"\A[0-9A-Za-z-]{1,64}\Z")
#: As many as are shown at once, and how often more are asked for.
FULL, MOST_PAGES = 100, 10


def headers(token: str) -> dict[str, str]:
    """The token is the password of anybody. Whom it does not let in hears so, and is not sent to a
    page to sign in. https://learn.microsoft.com/rest/api/azure/devops/#assemble-the-request"""
    basic = base64.b64encode(f":{token}".encode()).decode()
    return {"Authorization": f"Basic {basic}", "X-TFS-FedAuthRedirect": "Suppress"}


def account(client: Client, typed: Mapping[str, Any]) -> Account:
    """By the same id by which hooks name people. Of a server of one's own, an id begins with the
    name of the server that was typed, whatever it says of itself."""
    me = record(record(client.get("/connectionData").json).get("authenticatedUser"))
    number, account = line(me.get("id")), record(record(me.get("properties")).get("Account"))
    return Account(
        uid="" if number == ANONYMOUS else named(typed["site"], number),
        login=line(account.get("$value")),
        name=line(me.get("providerDisplayName")),
        secrets=dict(typed),
    )


def projects(client: Client, site: str, query: str) -> Sequence[Choice]:
    found = choices_of(_projects(client), query)
    return [Choice(f"{site}/{each.value}", each.label) for each in found]


def _projects(client: Client) -> Iterator[Mapping[str, Any]]:
    """https://learn.microsoft.com/rest/api/azure/devops/core/projects/list"""
    for number in range(MOST_PAGES):
        asked = {"api-version": VERSION, "$top": FULL, "$skip": number * FULL}
        listed = records(record(client.get("/projects", params=asked).json).get("value"))
        yield from listed
        if len(listed) < FULL:
            return


def check_project(client: Client, project: str) -> None:
    """Raises Gone, where it is not there any more: of its subscriptions nothing is said then.
    https://learn.microsoft.com/rest/api/azure/devops/core/projects/get"""
    if not PROJECT.match(project):
        raise Never(f"“{project[:100]}” is not a project. Pick one.")
    client.get(f"/projects/{project}", params={"api-version": VERSION})
