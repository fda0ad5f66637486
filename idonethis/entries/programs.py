"""What programs say in the name of a person, by the API or as their assistant: under the same key
it is the same entry, whichever way it came."""

from __future__ import annotations

from datetime import date

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft, Origin
from idonethis.entries.text import Line


def draft_of(line: Line, *, user: User, key: str, day: date | None) -> Draft:
    """``key`` is the program's own; without one, each time is another entry."""
    named = f"api:{user.hash_id}:{key}" if key else ""
    return Draft(body=line.body, kind=line.kind, key=named, day=day)


def origin_of(program: str) -> Origin:
    """``program``: what its person calls it."""
    return Origin("api", "", program)
