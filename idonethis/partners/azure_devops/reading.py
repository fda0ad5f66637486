"""Pull requests and work items: https://learn.microsoft.com/azure/devops/service-hooks/events"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    Retitle,
    Retract,
    instant,
    line,
    record,
    records,
)
from idonethis.partners.azure_devops.payload import Payload


def pull_request(payload: Payload) -> Iterator[Event]:
    """The work is its author's; whoever completes it has only pressed the button. An attempt to
    merge, which may fail, is called merged, too: only what is completed counts."""
    pull = payload.resource
    number, status = line(pull.get("pullRequestId")), line(pull.get("status"))
    commit = line(record(pull.get("lastMergeCommit")).get("commitId"))
    if status != "completed":
        yield Ignored(Reason.UNSUPPORTED, f"The pull request is not completed: it is {status}.")
        return
    yield Draft(
        body=f"Merged “{line(pull.get('title')) or 'untitled'}” (!{number})",
        key=f"pull_request:{line(payload.repository.get('id'))}#{number}",
        url=f"{payload.web_url}/pullrequest/{number}" if payload.web_url else "",
        occurred_at=instant(pull.get("closedDate")) or payload.at,
        as_of=payload.at,
        actor=payload.person(pull.get("createdBy")),
        stands_for=(f"commit:{commit}",) if commit else (),
        place=line(pull.get("targetRefName")).removeprefix("refs/heads/"),
        labels=tuple(line(each.get("name")) for each in records(pull.get("labels"))),
    )


def work_item(payload: Payload) -> Iterator[Event]:
    """``fields`` holds what has changed, ``revision`` all that it is now."""
    changed = record(payload.resource.get("fields"))
    now = record(record(payload.resource.get("revision")).get("fields"))
    state = record(changed.get("System.State"))
    was, is_now = (_state(state.get(name)) in payload.done for name in ("oldValue", "newValue"))
    draft = _finished(payload, now)
    if state and is_now and not was:
        yield draft
    elif state and was and not is_now:
        yield Retract(key=draft.key, as_of=draft.as_of)
    elif "System.Title" in changed and _state(now.get("System.State")) in payload.done:
        yield Retitle(key=draft.key, body=draft.body, as_of=draft.as_of)
    else:
        yield Ignored(Reason.UNSUPPORTED, "A work item makes an entry once it is finished.")


def _state(said: Any) -> str:
    return line(said).lower()


def _finished(payload: Payload, now: Mapping[str, Any]) -> Draft:
    number = line(payload.resource.get("workItemId"))
    noun = line(now.get("System.WorkItemType")).lower() or "work item"
    at = _changed(now) or payload.at
    return Draft(
        body=f"Finished the {noun} “{line(now.get('System.Title')) or 'untitled'}” (#{number})",
        key=_key(payload, number),
        url=_page(payload, now, number),
        occurred_at=instant(now.get("Microsoft.VSTS.Common.ClosedDate")) or at,
        as_of=at,
        actor=_worker(payload, now),
        labels=tuple(filter(None, map(str.strip, line(now.get("System.Tags")).split(";")))),
    )


def _changed(now: Mapping[str, Any]) -> datetime | None:
    return instant(now.get("System.ChangedDate"))


def _key(payload: Payload, number: str) -> str:
    """Work items are counted in each organisation."""
    return f"work_item:{line(payload.organisation.get('id'))}:{number}"


def _page(payload: Payload, now: Mapping[str, Any], number: str) -> str:
    home = line(payload.organisation.get("baseUrl")).rstrip("/")
    project = line(now.get("System.TeamProject")).replace(" ", "%20")
    return f"{home}/{project}/_workitems/edit/{number}" if home and project else ""


def _worker(payload: Payload, now: Mapping[str, Any]) -> Actor:
    """Whom it is assigned to; without anybody, who finishes it. Where the assignee is but a name
    with an address, and is who finishes it, their id is known."""
    assigned, by = (
        payload.person(each)
        for each in (now.get("System.AssignedTo"), payload.resource.get("revisedBy"))
    )
    if assigned.uid:
        return assigned
    is_same = assigned.email.lower() == by.email.lower()
    return by if not assigned.email or is_same else assigned


def deleted(payload: Payload) -> Iterator[Event]:
    at = _changed(record(payload.resource.get("fields"))) or payload.at
    number = line(payload.resource.get("id"))
    yield Retract(key=_key(payload, number), as_of=at)
