"""How Google says no: https://developers.google.com/workspace/calendar/api/guides/errors, and of
addresses for notifications https://developers.google.com/workspace/calendar/api/guides/push"""

from __future__ import annotations

from idonethis.integrations.base import Again, Answers, NeedsPermission, Never, Refusal

ANSWERS = Answers(
    source="https://developers.google.com/workspace/calendar/api/guides/errors",
    word="error.errors.reason",
    refusals=(
        Refusal(
            Again,
            (403, 429),
            says=("ratelimitexceeded", "userratelimitexceeded"),
            sentence="Google Calendar wants to be asked less often ({word}).",
            after=60,
        ),
        Refusal(
            Again,
            (403, 429),
            says=("quotaexceeded", "dailylimitexceeded"),
            sentence="Google Calendar answers no more for now ({word}).",
            after=3600,
        ),
        Refusal(
            NeedsPermission,
            (403,),
            says=("accessnotconfigured",),
            sentence=(
                "An administrator of this server must switch the API of Google Calendar on in its "
                "project at Google ({word})."
            ),
        ),
        Refusal(
            NeedsPermission,
            (403,),
            says=("insufficientpermissions",),
            sentence=(
                "Not everything that is needed was allowed there ({word}). Connect Google Calendar "
                "again, and leave all boxes ticked."
            ),
        ),
        # Some of these come with 401, and are not about our access.
        Refusal(
            Never,
            (400, 401),
            says=("push*",),
            sentence=(
                "Google Calendar sends no notifications of this, or not to this address ({word})."
            ),
        ),
    ),
)
