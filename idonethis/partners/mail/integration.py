"""Mail: a reply, or a mail to an address of the team, becomes an entry a line.

https://www.rfc-editor.org/rfc/rfc5322"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from idonethis.entries.text import Line, folded, parse
from idonethis.integrations.base import (
    NOTHING,
    Actor,
    Basic,
    Draft,
    Event,
    Hook,
    Ignored,
    Link,
    Reason,
    TakesMail,
    Unproven,
    Unreadable,
    fingerprint,
)
from idonethis.integrations.mails.addresses import MailAddress, ours
from idonethis.integrations.mails.automatic import written_by
from idonethis.integrations.mails.reading import (
    LARGEST,
    header,
    message_id,
    parsed,
    recipients,
    sender,
)
from idonethis.integrations.mails.takes import RECIPIENT
from idonethis.integrations.mails.vouching import is_vouched
from idonethis.partners.mail import services
from idonethis.partners.mail.body import attachments, words

#: A mail of more lines is no list of what somebody got done.
MOST_LINES = 100
#: A mail may be under way for so long; what says that it is older, has a clock that is wrong.
UNDER_WAY = timedelta(days=7)
_DATE = re.compile(r"\b(20[0-9]{2}-[01][0-9]-[0-3][0-9])\b")


class Mail(TakesMail):
    name = "Mail"
    category = "Anything"
    tagline = "Replies to reminders, and mails to the team’s address, become an entry a line."
    # All three services know no better way in common than a password in the address.
    signature = Basic()
    asks = NOTHING
    body_limit = LARGEST * 2

    def summary(self, link: Link) -> str:
        return "Logs each line of what members mail to it."

    def raw(self, hook: Hook) -> bytes:
        return services.raw(hook)

    def check_readable(self, hook: Hook) -> None:
        if not sender(parsed(self.raw(hook))):
            raise Unreadable("It is no mail, or says nobody whom it is from.")

    def event(self, hook: Hook) -> str:
        left_out = attachments(parsed(self.raw(hook)))
        return f"mail, {left_out} attachment{'s' * (left_out > 1)} left out" if left_out else "mail"

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        message = parsed(self.raw(hook))
        if program := written_by(message):
            yield Ignored(Reason.BOT, f"A program wrote this mail: {program}.")
            return
        lines = parse(words(message))
        if not lines:
            yield Ignored(
                Reason.UNSUPPORTED, "There is no text in it, but for quotes and the like."
            )
        elif len(lines) > MOST_LINES:
            yield Ignored(
                Reason.UNSUPPORTED, f"It has {len(lines)} lines: that is no list of work."
            )
        else:
            yield from drafts(message, lines, address_in(message, hook, link), hook)


def address_in(message: EmailMessage, hook: Hook, link: Link) -> MailAddress:
    """By which of the link's addresses it came: best one that proves its sender, which nobody else
    can have made up, wherever it stands."""
    named = list(ours([hook.header(RECIPIENT), *recipients(message)]))
    mine = [address for address in named if address.link == link.hash_id]
    proofs = [address for address in mine if address.is_proof_of(sender(message))]
    return next(iter([*proofs, *mine]), MailAddress.of_link(link.hash_id))


def drafts(
    message: EmailMessage, lines: list[Line], address: MailAddress, hook: Hook
) -> Iterator[Draft]:
    """The address proves who it is, or the mail server in front vouches for it; else it is no more
    than a suggestion to whom it names."""
    who = sender(message)
    proven = address.is_proof_of(who) or is_vouched(message)
    made, keys = (Draft if proven else Unproven), Keys(message, address, hook)
    for line in lines:
        yield made(
            body=line.body,
            kind=line.kind,
            key=keys.next_for(line),
            day=_day(message, address if proven else None),
            occurred_at=_sent(message, hook),
            actor=Actor(uid=f"mailto:{who}", email=who, vouched=True),
        )


class Keys:
    """Names the lines of a mail. Of a reply to a dated mail, by their words: who answers once more
    and says some of it again, says that once."""

    def __init__(self, message: EmailMessage, address: MailAddress, hook: Hook) -> None:
        dated = f"{sender(message)}:{address.day}" if address.date else ""
        self._mail = dated or f"{sender(message)}:{message_id(message) or fingerprint(hook.body)}"
        self._seen: dict[str, int] = {}

    def next_for(self, line: Line) -> str:
        said = f"{line.kind}:{folded(line.body)}"
        nth = self._seen[said] = self._seen.get(said, 0) + 1
        return fingerprint(f"{self._mail}\n{said}\n{nth}".encode())


def _day(message: EmailMessage, address: MailAddress | None) -> date | None:
    """Of the address, else of a date in the subject."""
    found = _DATE.search(header(message, "subject"))
    try:
        said = date.fromisoformat(found[1]) if found else None
    except ValueError:
        said = None
    return (address.date if address else None) or said


def _sent(message: EmailMessage, hook: Hook) -> datetime | None:
    try:
        said = parsedate_to_datetime(header(message, "date"))
    except (TypeError, ValueError, OverflowError):
        return None
    sent = said if said.tzinfo else said.replace(tzinfo=UTC)
    return sent if hook.received_at - UNDER_WAY < sent else None


integration = Mail()
