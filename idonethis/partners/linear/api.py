"""What we ask Linear: https://linear.app/developers/graphql

Of teams and of webhooks, no more than 250 of each, which is all that it shows at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Secret,
    StandingHook,
    line,
    record,
    records,
)

EVENTS = frozenset(("Issue", "Project", "Initiative"))
ME = "query { viewer { id name email } }"
SEEN = """organization { id name }
  teams (first: 250) { nodes { id name } }"""
PLACES = f"query {{ {SEEN} }}"
HOOKS = f"""query {{ {SEEN}
  webhooks (first: 250) {{ nodes {{ id url enabled resourceTypes }} }} }}"""
CREATE = """mutation ($input: WebhookCreateInput!) {
  webhookCreate (input: $input) { success webhook { id } }
}"""
UPDATE = """mutation ($id: String!, $input: WebhookUpdateInput!) {
  webhookUpdate (id: $id, input: $input) { success webhook { id } }
}"""
DELETE = "mutation ($id: String!) { webhookDelete (id: $id) { success } }"
#: Before the id of a workspace: all of its public teams.
EVERY = "all:"
HIDDEN = (
    "Linear does not show that team to this account. If it was deleted there, remove the link; "
    "else somebody who sees it must connect their account here."
)


def ask(client: Client, query: str, **variables: Any) -> Mapping[str, Any]:
    answer = client.post("/graphql", json={"query": query, "variables": variables})
    return record(record(answer.json).get("data"))


def nodes(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return records(record(said.get(name)).get("nodes"))


def account(client: Client, token: Mapping[str, Any]) -> Account:
    me = record(ask(client, ME).get("viewer"))
    return Account(
        uid=line(me.get("id")),
        name=line(me.get("name")),
        email=line(me.get("email")),
        secrets={"access_token": token["access_token"]},
    )


def revoke(client: Client, secrets: Mapping[str, Any]) -> None:
    """https://linear.app/developers/oauth-2-0-authentication#revoke-an-access-token"""
    client.post("/oauth/revoke", form={"access_token": secrets.get("access_token")})


def places(client: Client, query: str) -> Sequence[Choice]:
    """The teams that this account sees, and all public ones at once."""
    offered = _places(ask(client, PLACES))
    return [Choice(f"{pk}|{name}", name) for pk, name in offered if query.lower() in name.lower()]


def _places(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for team in nodes(said, "teams"):
        yield line(team.get("id")), line(team.get("name"))
    workspace = record(said.get("organization"))
    yield EVERY + line(workspace.get("id")), f"All public teams of {line(workspace.get('name'))}"


def check(client: Client, subject: str) -> None:
    if not subject:
        raise Never("Pick the team whose work is to be logged.")
    _refuse_hidden(ask(client, PLACES), subject)


def _refuse_hidden(said: Mapping[str, Any], subject: str) -> None:
    """An account of another workspace must not take this one's webhooks for gone."""
    if subject not in dict(_places(said)):
        raise NeedsPermission(HIDDEN)


def standing_hook(client: Client, subject: str, *, url: str, remote_id: str) -> StandingHook | None:
    """https://linear.app/developers/webhooks#querying-existing-webhooks"""
    said = ask(client, HOOKS)
    _refuse_hidden(said, subject)
    listed = [_facts(each) for each in nodes(said, "webhooks")]
    return StandingHook.among(listed, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any]) -> StandingHook:
    return StandingHook(
        remote_id=line(hook.get("id")),
        url=line(hook.get("url")),
        events=frozenset(map(str, hook.get("resourceTypes") or ())),
        active=hook.get("enabled") is True,
    )


def create_hook(client: Client, subject: str, *, url: str, secret: Secret, remote_id: str) -> str:
    """https://linear.app/developers/webhooks#create-webhook-using-api"""
    standing = standing_hook(client, subject, url=url, remote_id=remote_id)
    wanted = {
        "label": "I Done This",
        "url": url,
        "secret": str(secret),
        "enabled": True,
        "resourceTypes": sorted(EVENTS),
    }
    if standing:
        ask(client, UPDATE, id=standing.remote_id, input=wanted)
        return standing.remote_id
    return _create(client, {**wanted, **_about(subject)})


def _about(subject: str) -> Mapping[str, Any]:
    return {"allPublicTeams": True} if subject.startswith(EVERY) else {"teamId": subject}


def _create(client: Client, wanted: Mapping[str, Any]) -> str:
    try:
        made = record(ask(client, CREATE, input=wanted).get("webhookCreate"))
    except (NeedsPermission, NeedsReconnect):
        raise
    except Never as problem:
        here = urlsplit(wanted["url"]).netloc
        raise Never(
            f"{problem} Linear takes only https addresses that it can reach from the internet, and "
            f"this server is {here}."
        ) from problem
    return line(record(made.get("webhook")).get("id"))


def destroy_hook(client: Client, subject: str, *, url: str, remote_id: str) -> None:
    """https://linear.app/developers/webhooks#deleting-a-webhook"""
    standing = standing_hook(client, subject, url=url, remote_id=remote_id)
    if standing:
        ask(client, DELETE, id=standing.remote_id)
