"""What it means that the server of a feed refuses: https://www.rfc-editor.org/rfc/rfc9110#section-15

There is no account, so nothing can be connected again. Whatever it is, the feed is asked for again,
less and less often, and goes on by itself."""

from __future__ import annotations

from idonethis.integrations.base import Again, Answers, Gone, NeedsPermission, Never, Refusal

LATER = "The server of the feed wants fewer calls ({status})."

ANSWERS = Answers(
    source="https://www.rfc-editor.org/rfc/rfc9110#section-15",
    refusals=(
        Refusal(Again, (403,), header="retry-after: ?*", sentence=LATER),
        Refusal(Again, (429,), sentence=LATER),
        Refusal(
            NeedsPermission,
            (401, 403, 407),
            sentence="The feed is not public (any more) ({status}). Make it public there, or type "
            "another address.",
        ),
        Refusal(
            Gone,
            (404,),
            sentence="The server of the feed does not know this (any more) ({status}). If it has "
            "moved, type its new address.",
        ),
        Refusal(Gone, (410,), sentence="The feed is no more, its server says ({status})."),
        Refusal(
            Never, (400, 406, 451), sentence="The server of the feed does not send it ({status})."
        ),
    ),
)
