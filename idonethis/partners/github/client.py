"""The calls we make to GitHub's REST API: https://docs.github.com/en/rest"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    NeedsPermission,
    line,
    record,
    records,
)
from idonethis.partners.github.forms import REPOSITORY

#: Enough to find anything by typing a few letters; more pages cost a second each.
MOST_PAGES = 5


def account(client: Client, token: Mapping[str, Any]) -> Account:
    """https://docs.github.com/en/rest/users/users#get-the-authenticated-user"""
    me = record(client.get("/user").json)
    return Account(
        uid=line(me.get("id")),
        login=line(me.get("login")),
        name=line(me.get("name")),
        email=_primary_address(client),
        scopes=tuple(line(token.get("scope")).replace(",", " ").split()),
        secrets={"access_token": token["access_token"]},
    )


def revoke(client: Client, client_id: str, secrets: Mapping[str, Any]) -> None:
    """All that the person has allowed this server; nothing, if they have ended it themselves.
    https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-authorization"""
    token = {"access_token": secrets.get("access_token")}
    client.call("DELETE", f"/applications/{client_id}/grant", json=token)


def _primary_address(client: Client) -> str:
    """Empty where GitHub has not verified it, or where the scope was taken away at the consent.
    https://docs.github.com/en/rest/users/emails#list-email-addresses-for-the-authenticated-user"""
    try:
        listed = records(client.get("/user/emails", params={"per_page": 100}).json)
    except (Gone, NeedsPermission):
        return ""
    good = (each for each in listed if each.get("primary") and each.get("verified"))
    return next((line(each.get("email")) for each in good), "")


def repositories(client: Client, query: str) -> Sequence[Choice]:
    """Those that GitHub lists, most recently pushed first, and after them those where the person
    cannot add a webhook; whatever looks like a full name can be picked, too.
    https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user"""
    wanted = query.strip()
    listed = [repo for repo in _all(client) if wanted.lower() in str(repo.get("full_name")).lower()]
    found = sorted(map(_choice, listed), key=lambda choice: bool(choice.barred))
    names = {choice.value.lower() for choice in found}
    if REPOSITORY.match(wanted) and wanted.lower() not in names:
        found.insert(0, Choice(wanted, wanted, "not listed by GitHub"))
    return found


def _all(client: Client) -> Iterator[Mapping[str, Any]]:
    for page in range(1, MOST_PAGES + 1):
        params = {"per_page": 100, "page": page, "sort": "pushed"}
        listed = records(client.get("/user/repos", params=params).json)
        yield from listed
        if len(listed) < 100:
            return


def _choice(repo: Mapping[str, Any]) -> Choice:
    name = line(repo.get("full_name"))
    admin = record(repo.get("permissions")).get("admin")
    barred = "" if admin else "You are not an administrator there, so you cannot add a webhook."
    return Choice(name, name, "private" if repo.get("private") else "", barred)
