from __future__ import annotations

from django.utils import timezone

from idonethis.integrations.incoming import Receives
from idonethis.integrations.mails.reading import message_id, parsed
from idonethis.integrations.signatures import fingerprint
from idonethis.integrations.values import Hook

MAIL = "message/rfc822"
#: The header in which the server that took a mail says for whom.
RECIPIENT = "x-recipient"


class TakesMail(Receives):
    """Takes mails, too, at the addresses of its links (``addresses.py``): each comes as a hook
    whose body is the mail as it came."""

    def raw(self, hook: Hook) -> bytes:
        """The mail in a hook, however it came. Raises Unreadable. Pure."""
        return hook.body

    def delivery_key(self, hook: Hook) -> str:
        """The same by whichever way it comes."""
        raw = self.raw(hook)
        return message_id(parsed(raw)) or fingerprint(raw)


def as_hook(raw: bytes, recipient: str) -> Hook:
    headers = {"content-type": MAIL, RECIPIENT: recipient}
    return Hook(raw, headers, received_at=timezone.now())
