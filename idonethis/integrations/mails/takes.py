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

    def mails(self, hook: Hook) -> list[bytes]:
        """Those in a hook, however they came. Raises Unreadable. Pure."""
        return [hook.body]

    def delivery_key(self, hook: Hook) -> str:
        """The same by whichever way it comes."""
        names = [message_id(parsed(raw)) or fingerprint(raw) for raw in self.mails(hook)]
        return names[0] if len(names) == 1 else fingerprint("\n".join(names).encode())


def as_hook(raw: bytes, recipient: str) -> Hook:
    headers = {"content-type": MAIL, RECIPIENT: recipient}
    return Hook(raw, headers, received_at=timezone.now())
