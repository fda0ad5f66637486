"""What it means that the server of a calendar refuses:
https://www.rfc-editor.org/rfc/rfc9110#section-15

The address itself lets us in. Whoever has it made anew there connects the calendar again with the
new one; of a calendar that is not there for a while, the old one holds."""

from __future__ import annotations

from idonethis.integrations.base import Again, Answers, Gone, NeedsReconnect, Never, Refusal

LATER = "The server of the calendar wants fewer calls ({status})."
ANEW = "If its address was made anew there, connect the calendar again with that."

ANSWERS = Answers(
    source="https://www.rfc-editor.org/rfc/rfc9110#section-15",
    refusals=(
        Refusal(Again, (403,), header="retry-after: ?*", sentence=LATER),
        Refusal(Again, (429,), sentence=LATER),
        Refusal(
            NeedsReconnect,
            (401, 403, 407),
            sentence="Nobody may read the calendar at this address any more ({status}). " + ANEW,
        ),
        Refusal(
            Gone,
            (404, 410),
            sentence="The server of the calendar does not know this (any more) ({status}). " + ANEW,
        ),
        Refusal(
            Never,
            (400, 406, 451),
            sentence="The server of the calendar does not send it ({status}).",
        ),
    ),
)
