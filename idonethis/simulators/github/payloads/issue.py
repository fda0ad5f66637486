"""Issues."""

from __future__ import annotations

from ...store import Record
from .people import user
from .place import Place
from .web import node_id

REACTIONS = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"]


def issue(place: Place, record: Record) -> Record:
    """An issue; of a pull request what it has of one, and where the rest is."""
    api, is_pull = f"{place.api}/issues/{record['number']}", "merged_at" in record
    kind = "pull" if is_pull else "issues"
    return {
        "url": api,
        "repository_url": place.api,
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "html_url": place.web.page(place.name, kind, record["number"]),
        "id": record["id"],
        "node_id": node_id("Issue", record["id"]),
        **{key: record[key] for key in ("number", "title", "state", "body")},
        **{key: record[key] for key in ("created_at", "updated_at", "closed_at")},
        "state_reason": record.get("state_reason"),
        "user": user(place.web, place.accounts[record["user"]]),
        **people_and_labels(place, record),
        "locked": False,
        "comments": 0,
        "reactions": {"url": f"{api}/reactions", "total_count": 0, **dict.fromkeys(REACTIONS, 0)},
        "timeline_url": f"{api}/timeline",
        "performed_via_github_app": None,
        **(as_pull(place, record) if is_pull else {}),
    }


def as_pull(place: Place, record: Record) -> Record:
    html = place.web.page(place.name, "pull", record["number"])
    addresses = {"url": f"{place.api}/pulls/{record['number']}", "html_url": html}
    patches = {"diff_url": f"{html}.diff", "patch_url": f"{html}.patch"}
    return {"pull_request": {**addresses, **patches, "merged_at": record["merged_at"]}}


def people_and_labels(place: Place, record: Record) -> Record:
    """What issues and pull requests have in common."""
    assignees = [user(place.web, place.accounts[login]) for login in record["assignees"]]
    return {
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "labels": [label(place.api, name) for name in record["labels"]],
        "milestone": None,
        "author_association": record["author_association"],
        "active_lock_reason": None,
    }


def label(repo: str, name: str) -> Record:
    number = sum(name.encode())
    return {
        "id": number,
        "node_id": node_id("Label", number),
        "url": f"{repo}/labels/{name}",
        "name": name,
        "color": "d73a4a",
        "default": False,
        "description": None,
    }
