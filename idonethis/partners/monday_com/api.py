"""What we ask monday.com: https://developer.monday.com/api-reference/reference/about-the-api-reference

It speaks GraphQL, and refuses with 200, too:
https://developer.monday.com/api-reference/docs/error-handling"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Account,
    Choice,
    Client,
    Gone,
    Secret,
    StandingHook,
    Vanished,
    choices_of,
    line,
    record,
    records,
)

#: https://developer.monday.com/api-reference/docs/api-versioning
VERSION = "2026-01"
ME = "query { me { id name email } }"
BOARDS = "query { boards (limit: 200, order_by: used_at, state: active) { id name type } }"
HOOKS = "query ($board: ID!) { webhooks (board_id: $board, app_webhooks_only: true) { id } }"
CREATE = """mutation ($board: ID!, $url: String!) {
  create_webhook (board_id: $board, url: $url, event: change_column_value) { id }
}"""
DELETE = "mutation ($hook: ID!) { delete_webhook (id: $hook) { id } }"
ITEM = """query ($item: ID!, $column: String!, $user: ID!) {
  items (ids: [$item]) {
    name url
    column_values (ids: [$column]) { ... on StatusValue { is_done } }
  }
  users (ids: [$user]) { id name email }
}"""


def ask(client: Client, query: str, **variables: str) -> Mapping[str, Any]:
    said = client.post("", json={"query": query, "variables": variables}).json
    return record(record(said).get("data"))


def account(client: Client, token: Mapping[str, Any]) -> Account:
    me = record(ask(client, ME).get("me"))
    return Account(
        uid=line(me.get("id")),
        name=line(me.get("name")),
        email=line(me.get("email")),
        secrets={"access_token": token["access_token"]},
    )


def boards(client: Client, query: str) -> Sequence[Choice]:
    """Those used last; boards of subitems are none that anybody picks."""
    return choices_of(filter(_is_board, records(ask(client, BOARDS).get("boards"))), query)


def _is_board(board: Mapping[str, Any]) -> bool:
    return board.get("type") in (None, "board")


def create_hook(client: Client, board: str, *, url: str, secret: Secret, remote_id: str) -> str:
    if standing_hook(client, board, url=url, remote_id=remote_id):
        return remote_id
    made = record(ask(client, CREATE, board=board, url=url).get("create_webhook"))
    return line(made.get("id"))


def standing_hook(client: Client, board: str, *, url: str, remote_id: str) -> StandingHook | None:
    """By its id alone: monday.com does not tell where a webhook leads."""
    listed = records(ask(client, HOOKS, board=board).get("webhooks"))
    stands = remote_id and remote_id in {line(each.get("id")) for each in listed}
    return StandingHook(remote_id=remote_id, url=url) if stands else None


def destroy_hook(client: Client, board: str, *, url: str, remote_id: str) -> None:
    try:
        if standing_hook(client, board, url=url, remote_id=remote_id):
            ask(client, DELETE, hook=remote_id)
    except Gone:
        return


def item(client: Client, pk: str, *, column: str, user: str) -> Mapping[str, Any]:
    """What it is called, whether this column says that it is done, and who that user is."""
    said = ask(client, ITEM, item=pk, column=column, user=user)
    found = next(iter(records(said.get("items"))), {})
    if not found:
        raise Vanished("The item is no longer at monday.com.")
    values = records(found.get("column_values"))
    return {
        "name": line(found.get("name")),
        "url": line(found.get("url")),
        "is_done": any(each.get("is_done") is True for each in values),
        "user": next(iter(records(said.get("users"))), {}),
    }
