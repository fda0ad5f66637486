"""Hooks of repositories: https://docs.github.com/en/rest/repos/webhooks"""

from __future__ import annotations

from urllib.parse import urlsplit

from ..store import Record, Store
from .commits import moment
from .errors import invalid, not_found

UNUSED = {"code": None, "status": "unused", "message": None}
# https://docs.github.com/en/webhooks/types-of-webhooks: 20 for each event, 250 on Enterprise Server
MOST_PER_EVENT = 20
# https://docs.github.com/en/webhooks/webhook-events-and-payloads, those of a repository
EVENTS = """
* branch_protection_rule check_run check_suite code_scanning_alert commit_comment create
custom_property_values delete dependabot_alert deploy_key deployment deployment_status discussion
discussion_comment fork gollum issue_comment issues label member merge_group meta milestone package
page_build ping public pull_request pull_request_review pull_request_review_comment
pull_request_review_thread push registry_package release repository repository_advisory
repository_import repository_ruleset repository_vulnerability_alert secret_scanning_alert
secret_scanning_alert_location security_and_analysis star status sub_issues team_add watch
workflow_job workflow_run
"""
KNOWN_EVENTS = frozenset(EVENTS.split())


class Hooks:
    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, full_name: str) -> list[Record]:
        hooks: list[Record] = list(self._store.table("hooks").values())
        return [hook for hook in hooks if hook["repository"] == full_name]

    def all(self) -> list[Record]:
        return list(self._store.table("hooks").values())

    def find(self, full_name: str, number: str) -> Record:
        hook: Record | None = self._store.table("hooks").get(number)
        if hook is None or hook["repository"] != full_name:
            raise not_found()
        return hook

    def create(self, full_name: str, body: Record) -> Record:
        """Raises ApiError 422 and stores nothing when the hook is not sound or not new."""
        if body.get("name", "web") != "web":
            raise invalid("Hook", "name must be 'web'", field="name")
        hook = {
            "id": self._store.next_id("hook", 18_150_001),
            "repository": full_name,
            "config": sound_config(body.get("config")),
            "events": sound_events(body.get("events", ["push"])),
            "active": bool(body.get("active", True)),
            "created_at": moment(self._store.now()),
            "updated_at": moment(self._store.now()),
            "last_response": dict(UNUSED),
        }
        self._check_new(hook)
        self._store.table("hooks")[str(hook["id"])] = hook
        return hook

    def _check_new(self, hook: Record) -> None:
        others = [other for other in self.of(hook["repository"]) if other["id"] != hook["id"]]
        if any(same_target(hook, other) and overlap(hook, other) for other in others):
            raise invalid("Hook", "Hook already exists on this repository")
        for event in hook["events"]:
            if sum(event in other["events"] for other in others) >= MOST_PER_EVENT:
                text = f'The "{event}" event cannot have more than {MOST_PER_EVENT} hooks'
                raise invalid("Hook", text)

    def change(self, hook: Record, body: Record) -> Record:
        """A config replaces the whole config: one without a secret takes the secret away."""
        events = sound_events(body.get("events", hook["events"]))
        removed = body.get("remove_events", [])
        events = [e for e in [*events, *body.get("add_events", [])] if e not in removed]
        changed = {
            "config": sound_config(body["config"]) if "config" in body else hook["config"],
            "events": sound_events(list(dict.fromkeys(events))),
            "active": bool(body.get("active", hook["active"])),
        }
        self._check_new({**hook, **changed})
        hook.update(changed, updated_at=moment(self._store.now()))
        return hook

    def delete(self, hook: Record) -> None:
        del self._store.table("hooks")[str(hook["id"])]
        self._store.table("deliveries").pop(str(hook["id"]), None)


def sound_config(config: object) -> Record:
    if not isinstance(config, dict) or not config.get("url"):
        raise invalid("Hook", "Config must contain URL for webhooks")
    url = urlsplit(str(config["url"]))
    if url.scheme not in ("http", "https") or not url.hostname:
        raise invalid("Hook", "url must be an http or https address", field="url")
    sound = {
        "content_type": config.get("content_type", "form"),
        "insecure_ssl": str(config.get("insecure_ssl", "0")),
        "url": config["url"],
    }
    if sound["content_type"] not in ("json", "form"):
        raise invalid("Hook", "content_type must be json or form", field="content_type")
    return {**sound, "secret": config["secret"]} if config.get("secret") else sound


def sound_events(events: object) -> list[str]:
    if not isinstance(events, list) or not events:
        raise invalid("Hook", "Events must be a list of at least one event", field="events")
    strange = [str(event) for event in events if event not in KNOWN_EVENTS]
    if strange:
        text = f"These events are not allowed for this hook: {', '.join(strange)}"
        raise invalid("Hook", text, field="events")
    return [str(event) for event in events]


def same_target(one: Record, other: Record) -> bool:
    keys = ("url", "content_type", "insecure_ssl")
    return all(one["config"][key] == other["config"][key] for key in keys)


def overlap(one: Record, other: Record) -> bool:
    return bool(set(one["events"]) & set(other["events"])) or "*" in one["events"] + other["events"]


def wants(hook: Record, event: str) -> bool:
    return bool(hook["active"]) and (event in hook["events"] or "*" in hook["events"])
