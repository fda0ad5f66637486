"""Lines for the tables of partners that a person lets us in to by a token, where they say no in the
way in which most do."""

from __future__ import annotations

from idonethis.integrations.base import Again, Gone, NeedsReconnect, Never, Refusal

NO_LONGER = "{partner} takes this token no longer ({word})."
NOT_TAKEN = Refusal(NeedsReconnect, (401,), sentence=NO_LONGER)
#: They do not tell who may not see a thing that it is there.
NOT_SHOWN = Refusal(
    Gone,
    (404,),
    sentence="{partner} does not know this (any more), or does not show it to this token ({word}).",
)
#: Of a server that somebody runs.
MOVED = Refusal(
    Never,
    (301, 308),
    sentence="{partner} is at another address now. Type it as your browser shows it.",
)
#: They do not say when to come back.
TOO_MANY = Refusal(Again, (429,), sentence="{partner} wants fewer calls.", after=60)
TOO_MANY_IN_WORDS = Refusal(
    Again, (429,), sentence="{partner} wants fewer calls ({word}).", after=60
)
