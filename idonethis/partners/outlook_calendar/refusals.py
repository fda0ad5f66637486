"""How Microsoft says no: https://learn.microsoft.com/en-us/graph/errors, and of mailboxes
https://learn.microsoft.com/en-us/graph/resolve-auth-errors"""

from __future__ import annotations

from idonethis.integrations.base import Again, Answers, NeedsPermission, Never, Refusal

ANSWERS = Answers(
    source="https://learn.microsoft.com/en-us/graph/errors",
    word="error.code",
    refusals=(
        Refusal(
            Never,
            (403, 404),
            says=("mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi"),
            sentence=(
                "The mailbox of this account is none that programs can ask ({word}): it is not in "
                "use, or lies on a server of your own."
            ),
        ),
        Refusal(
            NeedsPermission,
            (403,),
            says=("erroraccessdenied", "authorization_requestdenied"),
            sentence=(
                "Microsoft does not allow this to us ({word}). Connect Outlook Calendar again; an "
                "administrator of your organisation may have to agree."
            ),
        ),
        Refusal(
            Never,
            (400,),
            says=("validationerror", "invalidrequest"),
            sentence="Microsoft cannot reach this address, or takes none like it ({word}).",
        ),
        Refusal(
            Again,
            (429, 503, 504, 509),
            sentence="Microsoft wants to be asked less often ({word}).",
            after=60,
        ),
    ),
)
