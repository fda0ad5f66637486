"""Which bodies of others are whose, and what their senders say of them in a header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from idonethis.integrations.testing_bodies import bodies

#: By integration, in which folders its bodies lie.
FOLDERS = {
    "alertmanager": ("alertmanager",),
    "azure_devops": ("azuredevops",),
    "basecamp": ("basecamp",),
    "bitbucket": ("bitbucket2",),
    "bitbucket_server": ("bitbucket3",),
    "circleci": ("circleci",),
    "freshdesk": ("freshdesk",),
    "gitea": ("gitea",),
    "github": ("github",),
    "gitlab": ("gitlab",),
    "grafana": ("grafana",),
    "intercom": ("intercom",),
    "jira": ("jira",),
    "linear": ("linear",),
    "opsgenie": ("opsgenie",),
    "pagerduty": ("pagerduty",),
    "sentry": ("sentry",),
    "shortcut": ("clubhouse",),
    "stripe": ("stripe",),
    "taiga": ("taiga",),
    "trello": ("trello",),
    "webhook": ("ifttt", "json", "zapier"),
    "wekan": ("wekan",),
}
#: Where a file's name is not the event's, by how it begins; the first that fits.
EVENTS: Mapping[str, Mapping[str, str]] = {
    "bitbucket": {
        "issue_commented": "issue:comment_created",
        "issue_created": "issue:created",
        "issue_updated": "issue:updated",
        "pull_request_comment": "pullrequest:comment_created",
        "pull_request_created": "pullrequest:created",
        "pull_request_approved": "pullrequest:approved",
        "pull_request_fulfilled": "pullrequest:fulfilled",
        "commit_comment": "repo:commit_comment_created",
        "commit_status": "repo:commit_status_updated",
        "fork": "repo:fork",
        "repo_updated": "repo:updated",
        "": "repo:push",
    },
    "bitbucket_server": {
        "pull_request_declined": "pr:declined",
        "pull_request_deleted": "pr:deleted",
        "pull_request_merged": "pr:merged",
        "pull_request_opened": "pr:opened",
        "pull_request_comment": "pr:comment:added",
        "pull_request_": "pr:modified",
        "commit_comment": "repo:comment:added",
        "diagnostics": "diagnostics:ping",
        "repo_forked": "repo:forked",
        "repo_modified": "repo:modified",
        "": "repo:refs_changed",
    },
    "linear": {"comment": "Comment", "project": "Project", "": "Issue"},
    "sentry": {"issue_": "issue", "": "event_alert"},
}


@dataclass(frozen=True)
class Sent:
    """``event``: what the header says, where the sender has one for it."""

    integration_type: str
    event: str
    body: bytes


def sent(integration_type: str) -> Iterator[Sent]:
    for folder in FOLDERS[integration_type]:
        for path in bodies(f"by-service/{folder}/*.json"):
            yield Sent(integration_type, _event(integration_type, path), path.read_bytes())


def _event(integration_type: str, path: Path) -> str:
    named = EVENTS.get(integration_type)
    if named is None:
        return path.stem.partition("__")[0]
    return next(event for begins, event in named.items() if path.stem.startswith(begins))
