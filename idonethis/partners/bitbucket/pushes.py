"""https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Push"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import Event, Ignored, Reason, instant, line, record, records
from idonethis.integrations.kits.pushes import Commit, Push, message_of
from idonethis.partners.bitbucket.reading import Payload, page, person, short

#: What Bitbucket writes when it merges: the merge is not work of its own.
MERGES = ("Merged in ", "Merge pull request ")
#: Far more than Bitbucket puts into a push.
MOST = 100
KINDS = {"branch": "refs/heads/", "named_branch": "refs/heads/"}


def push(payload: Payload) -> Iterator[Event]:
    changes = records(payload["push"].get("changes"))[:MOST]
    if not changes:
        yield Ignored(Reason.FILTERED, "The push changes nothing.")
    for change in changes:
        yield _push(payload, change).event


def _push(payload: Payload, change: Mapping[str, Any]) -> Push:
    """Where ``new`` is null, the branch goes. Bitbucket begins with the latest commit."""
    new = record(change.get("new"))
    name, target = line(new.get("name")), record(new.get("target"))
    return Push(
        ref=KINDS.get(line(new.get("type")), "refs/tags/") + name,
        tip=line(target.get("hash")) or name,
        repository=payload.repository,
        repository_id=payload.repository_id,
        actor=person(payload["actor"]),
        commits=[_commit(each) for each in records(change.get("commits"))[:MOST][::-1]],
        merges=MERGES,
        is_default=payload.is_main(name),
        batch=short(target),
        url=page(change),
        at=instant(line(target.get("date"))),
        forced=change.get("forced") is True,
    )


def _commit(said: Mapping[str, Any]) -> Commit:
    author = record(said.get("author"))
    return Commit(
        key=short(said),
        message=message_of(said),
        author=line(author.get("raw")),
        url=page(said),
        bot=person(author.get("user")).bot,
    )
