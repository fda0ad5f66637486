"""What the lines of a mail become, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from idonethis.entries.text import Line, folded
from idonethis.integrations.base import Actor, Draft, Hook, Link, Unproven, fingerprint
from idonethis.integrations.mails.addresses import MailAddress, ours
from idonethis.integrations.mails.reading import header, message_id, recipients, sender
from idonethis.integrations.mails.takes import RECIPIENT
from idonethis.integrations.mails.vouching import is_vouched

#: A mail may be under way for so long; what says that it is older, has a clock that is wrong.
UNDER_WAY = timedelta(days=7)
_DATE = re.compile(r"\b(20[0-9]{2}-[01][0-9]-[0-3][0-9])\b")


def address_in(message: EmailMessage, hook: Hook, link: Link) -> MailAddress:
    """By which of the link's addresses it came: best one that proves its sender, which nobody else
    can have made up, wherever it stands."""
    named = list(ours([hook.header(RECIPIENT), *recipients(message)]))
    mine = [address for address in named if address.link == link.hash_id]
    proofs = [address for address in mine if address.is_proof_of(sender(message))]
    return next(iter([*proofs, *mine]), MailAddress.of_link(link.hash_id))


def drafts(
    message: EmailMessage, lines: list[Line], address: MailAddress, keys: Keys, hook: Hook
) -> Iterator[Draft]:
    """The address proves who it is, or the mail server in front vouches for it; else it is no more
    than a suggestion to whom it names."""
    who = sender(message)
    proven = address.is_proof_of(who) or is_vouched(message)
    made = Draft if proven else Unproven
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

    def __init__(self, message: EmailMessage, address: MailAddress, raw: bytes) -> None:
        dated = f"{sender(message)}:{address.day}" if address.date else ""
        self._mail = dated or f"{sender(message)}:{message_id(message) or fingerprint(raw)}"
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
