"""What becomes of an entry: a goal is reached, or open again; what was removed comes back. Asked
twice, each is done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from idonethis.accounts.tokens import Scope
from idonethis.api.authentication import ways
from idonethis.api.entries import EntryOut, allowed, changeable, one_of, seen
from idonethis.api.errors import REFUSED
from idonethis.entries.facts import facts
from idonethis.entries.models import Entry
from idonethis.entries.models.entry import ADMINS_RESTORE

router = Router(tags=["Entries"])
View = Callable[[HttpRequest, str], dict[str, Any]]


def _turns(word: str, summary: str) -> Callable[[View], View]:
    return router.post(
        f"/entries/{{hash_id}}/{word}",
        auth=ways(Scope.WRITE),
        response={200: EntryOut} | REFUSED,
        summary=summary,
    )


@_turns("complete", "A goal is reached, or a blocker out of the way: a done of today")
def complete_entry(request: HttpRequest, hash_id: str) -> dict[str, Any]:
    found = _goal(request, hash_id, "Only a goal or a blocker that is open is completed.")
    found.complete(on=found.user.today())
    return facts(seen(request, hash_id))


def _goal(request: HttpRequest, hash_id: str, otherwise: str) -> Entry:
    """Open or reached; of anything else that sentence is said. Raises Http404 and HttpError."""
    found = changeable(request, hash_id)
    if not (found.is_open or found.completed_on):
        raise HttpError(422, f"{otherwise} Nothing changed.")
    return found


@_turns("reopen", "It is open again, and the done that came of it is gone")
def reopen_entry(request: HttpRequest, hash_id: str) -> dict[str, Any]:
    found = _goal(request, hash_id, "Only what was completed is opened again.")
    found.reopen(by=request.auth)  # type: ignore[attr-defined]
    return facts(seen(request, hash_id))


@_turns("restore", "It was removed within the last 30 days, and is back")
def restore_entry(request: HttpRequest, hash_id: str) -> dict[str, Any]:
    found = allowed(request, one_of(request, hash_id, Entry.objects.all()))
    if found.deleted_at and not found.can_restore(request.auth):  # type: ignore[attr-defined]
        raise HttpError(403, ADMINS_RESTORE)
    if found.deleted_at and not found.can_come_back:
        raise HttpError(422, "It was removed more than 30 days ago, and stays so. Nothing changed.")
    found.restore()
    return facts(seen(request, hash_id))
