"""The pages on which a person plays GitHub."""

from __future__ import annotations

from starlette.responses import Response

from ..pages import page
from ..store import Record
from .payloads.hook import delivery
from .world import World

RECENT = 8


def home(world: World) -> Record:
    """Repositories with what is open in them, and hooks with their last deliveries."""
    return {
        "accounts": list(world.accounts.values()),
        "repositories": [shown(repository) for repository in world.repositories.all()],
        "hooks": [
            {**hook, "deliveries": world.deliveries.of(hook)[:RECENT]} for hook in world.hooks.all()
        ],
        "granted": granted(world),
    }


def hooks_with_deliveries(world: World) -> list[Record]:
    """All hooks, without their secrets, and what was delivered to each, newest first."""
    return [
        {
            **hook,
            "config": {**hook["config"], "secret": bool(hook["config"].get("secret"))},
            "deliveries": [delivery(record) for record in world.deliveries.of(hook)],
        }
        for hook in world.hooks.all()
    ]


def shown(repository: Record) -> Record:
    return {
        **repository,
        "open_pulls": [pull for pull in repository["pulls"].values() if pull["state"] == "open"],
        "open_issues": [i for i in repository["issues"].values() if i["state"] == "open"],
    }


def granted(world: World) -> list[Record]:
    """Accounts that have let the application in."""
    accounts = world.accounts.values()
    return [
        account
        for account in accounts
        if any(not token["revoked"] for token in world.grants.of(account["login"]))
    ]


def thing(world: World, path: Record) -> Response:
    """A plain page for every address that a hook names, so that no link leads nowhere."""
    repository = world.repositories.find(f"{path['owner']}/{path['repo']}")
    if repository is None:
        stop = {"title": "GitHub", "why": "There is no such repository."}
        return page("stop.html", stop, status=404)
    kind, _, rest = path.get("rest", "").partition("/")
    number = rest.partition("/")[0]
    found = {"pull": repository["pulls"], "issues": repository["issues"]}.get(kind, {}).get(number)
    context = {"repository": repository, "kind": kind, "rest": rest, "thing": found}
    return page("github/templates/thing.html", {"title": "GitHub", **context})
