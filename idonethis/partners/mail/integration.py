"""Mail: a reply, or a mail to an address of the team, becomes an entry a line.

https://www.rfc-editor.org/rfc/rfc5322"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from idonethis.entries.text import parse
from idonethis.integrations.base import (
    EMPTY,
    NOTHING,
    Basic,
    Client,
    Event,
    Expands,
    Hook,
    Ignored,
    Link,
    Reason,
    Response,
    TakesMail,
    Unreadable,
    fingerprint,
)
from idonethis.integrations.mails.automatic import written_by
from idonethis.integrations.mails.reading import LARGEST, parsed, sender
from idonethis.partners.mail import services
from idonethis.partners.mail.body import attachments, words
from idonethis.partners.mail.drafts import Keys, address_in, drafts

#: A mail of more lines is no list of what somebody got done.
MOST_LINES = 100


class Mail(Expands, TakesMail):
    name = "Mail"
    category = "Anything"
    tagline = "Replies to reminders, and mails to the team’s address, become an entry a line."
    # The services know no better way in common than a password in the address.
    signature = Basic()
    asks = NOTHING
    body_limit = LARGEST * 2
    addresses: ClassVar[dict[str, str]] = {
        "resend": "https://api.resend.com",
        "mailtrap": "https://mailtrap.io/api",
    }

    def summary(self, link: Link) -> str:
        return "Logs each line of what members mail to it."

    def mails(self, hook: Hook) -> list[bytes]:
        return services.mails(hook)

    def check_readable(self, hook: Hook) -> None:
        if services.is_try(hook) or services.is_thin(hook):
            return
        if not any(sender(parsed(raw)) for raw in self.mails(hook)):
            raise Unreadable("It is no mail, or says nobody whom it is from.")

    def challenge(self, hook: Hook) -> Response | None:
        return EMPTY if services.is_try(hook) else None

    def delivery_key(self, hook: Hook) -> str:
        return fingerprint(hook.body) if services.is_thin(hook) else super().delivery_key(hook)

    def stored_as(self, hook: Hook) -> str:
        return (
            super().stored_as(hook) if services.is_thin(hook) else TakesMail.stored_as(self, hook)
        )

    def expand(self, hook: Hook, client: Client, link: Link) -> Mapping[str, Any]:
        return services.expand(hook, self.address)

    def event(self, hook: Hook) -> str:
        if services.is_thin(hook) and not hook.more:
            return "announced"
        if services.confirmed(hook):
            return "subscription"
        left_out = sum(attachments(parsed(raw)) for raw in self.mails(hook))
        return f"mail, {left_out} attachment{'s' * (left_out > 1)} left out" if left_out else "mail"

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        if topics := services.confirmed(hook):
            yield Ignored(Reason.PING, f"Mails of {topics[0]} come here from now on.")
            return
        for raw in self.mails(hook):
            yield from self._said(raw, hook, link)

    def _said(self, raw: bytes, hook: Hook, link: Link) -> Iterator[Event]:
        message = parsed(raw)
        if program := written_by(message):
            yield Ignored(Reason.BOT, f"A program wrote this mail: {program}.")
            return
        lines = parse(words(message))
        if not lines:
            yield Ignored(
                Reason.UNSUPPORTED, "There is no text in it, but for quotes and the like."
            )
        elif len(lines) > MOST_LINES:
            why = f"It has {len(lines)} lines: that is no list of work."
            yield Ignored(Reason.UNSUPPORTED, why)
        else:
            address = address_in(message, hook, link)
            yield from drafts(message, lines, address, Keys(message, address, raw), hook)


integration = Mail()
