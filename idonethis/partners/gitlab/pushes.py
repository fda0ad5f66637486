"""https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import Event, instant, line, record, records
from idonethis.integrations.kits.pushes import MOST, Commit, Push, commit_key, message_of
from idonethis.partners.gitlab.payload import BOT, Payload

#: What GitLab writes when it merges: the merge is not work of its own.
MERGES = ("Merge commit ",)


def push(payload: Payload) -> Iterator[Event]:
    ref = line(payload.body.get("ref"))
    yield Push(
        ref=ref,
        tip=line(payload.body.get("after")),
        repository=payload.project,
        repository_id=payload.project_id,
        actor=payload.user,
        commits=[_commit(each) for each in records(payload.body.get("commits"))[:MOST]],
        merges=MERGES,
        is_default=ref == f"refs/heads/{payload.default_branch}",
        url=_compared(payload),
    ).event


def _compared(payload: Payload) -> str:
    before, after = (line(payload.body.get(name)) for name in ("before", "after"))
    is_new = not before.strip("0")
    what = f"commit/{after}" if is_new else f"compare/{before}...{after}"
    return f"{payload.web_url}/-/{what}" if payload.web_url else ""


def _commit(said: Mapping[str, Any]) -> Commit:
    author = line(record(said.get("author")).get("email"))
    return Commit(
        key=commit_key(said.get("id")),
        message=message_of(said),
        author=author,
        url=line(said.get("url")),
        at=instant(line(said.get("timestamp"))),
        bot=bool(BOT.match(author)),
    )
