"""Pull requests and their reviews."""

from __future__ import annotations

from ...store import Record
from .issue import people_and_labels
from .people import user
from .place import Place
from .web import node_id


def pull_request(place: Place, record: Record) -> Record:
    """A pull request as the pull_request event carries it."""
    merged_by = place.accounts.get(record["merged_by"])
    return {
        **inside_review(place, record),
        "merged": record["merged_at"] is not None,
        "mergeable": None,
        "rebaseable": None,
        "mergeable_state": "unknown",
        "merged_by": user(place.web, merged_by) if merged_by else None,
        "comments": 0,
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(record["commits"]),
        "additions": 12 * len(record["commits"]),
        "deletions": 3 * len(record["commits"]),
        "changed_files": 1,
    }


def inside_review(place: Place, record: Record) -> Record:
    """A pull request as the review events carry it: without what must be computed."""
    html = place.web.page(place.name, "pull", record["number"])
    return {
        "url": f"{place.api}/pulls/{record['number']}",
        "id": record["id"],
        "node_id": node_id("PullRequest", record["id"]),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": f"{place.api}/issues/{record['number']}",
        **{key: record[key] for key in ("number", "state", "title", "body", "draft")},
        **{key: record[key] for key in ("created_at", "updated_at", "closed_at", "merged_at")},
        "locked": False,
        "user": user(place.web, place.accounts[record["user"]]),
        "merge_commit_sha": record["merge_commit_sha"],
        **people_and_labels(place, record),
        "requested_reviewers": [],
        "requested_teams": [],
        "head": branch(place, record["head_ref"], record["head_sha"]),
        "base": branch(place, record["base_ref"], record["base_sha"]),
        "auto_merge": None,
        **links(place.api, html, record),
    }


def branch(place: Place, ref: str, sha: str) -> Record:
    extra = {"allow_squash_merge": True, "allow_merge_commit": True, "allow_rebase_merge": True}
    return {
        "label": f"{place.owner['login']}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(place.web, place.owner),
        "repo": {**place.shown(), **extra},
    }


def links(api: str, html: str, record: Record) -> Record:
    pull, issue = f"{api}/pulls/{record['number']}", f"{api}/issues/{record['number']}"
    addresses = {
        "commits": f"{pull}/commits",
        "review_comments": f"{pull}/comments",
        "review_comment": f"{api}/pulls/comments{{/number}}",
        "comments": f"{issue}/comments",
        "statuses": f"{api}/statuses/{record['head_sha']}",
    }
    every = {"self": pull, "html": html, "issue": issue, **addresses}
    return {
        **{f"{name}_url": address for name, address in addresses.items()},
        "_links": {name: {"href": address} for name, address in every.items()},
    }


def review(place: Place, pull: Record, *, record: Record, account: Record) -> Record:
    """A submitted review; its state is approved, changes_requested or commented."""
    page = place.web.page(place.name, "pull", pull["number"])
    html = f"{page}#pullrequestreview-{record['id']}"
    api = f"{place.api}/pulls/{pull['number']}"
    return {
        "id": record["id"],
        "node_id": node_id("PullRequestReview", record["id"]),
        "user": user(place.web, account),
        "body": record["body"],
        "commit_id": pull["head_sha"],
        "submitted_at": record["submitted_at"],
        "updated_at": record["submitted_at"],
        "state": record["state"],
        "html_url": html,
        "pull_request_url": api,
        "author_association": record["author_association"],
        "_links": {"html": {"href": html}, "pull_request": {"href": api}},
    }


def remark(place: Place, pull: Record, *, record: Record, of: Record, account: Record) -> Record:
    """What somebody says about one line, as a part of the review `of`."""
    page = place.web.page(place.name, "pull", pull["number"])
    html = f"{page}#discussion_r{record['id']}"
    api = f"{place.api}/pulls/comments/{record['id']}"
    pull_api = f"{place.api}/pulls/{pull['number']}"
    return {
        "url": api,
        "pull_request_review_id": of["id"],
        "id": record["id"],
        "node_id": node_id("PullRequestReviewComment", record["id"]),
        "diff_hunk": "@@ -1 +1 @@\n-# Engine\n+# The engine",
        "path": "README.md",
        "commit_id": pull["head_sha"],
        "original_commit_id": pull["head_sha"],
        "user": user(place.web, account),
        "body": f"What about line {record['line']}?",
        "created_at": record["at"],
        "updated_at": record["at"],
        "html_url": html,
        "pull_request_url": pull_api,
        "author_association": of["author_association"],
        "line": record["line"],
        "side": "RIGHT",
        "_links": {
            "self": {"href": api},
            "html": {"href": html},
            "pull_request": {"href": pull_api},
        },
    }
