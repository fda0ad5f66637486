"""Whether the mail server in front says that a mail is from whom it claims to be.
https://www.rfc-editor.org/rfc/rfc8601"""

from __future__ import annotations

import re
from email.message import Message

from django.conf import settings

from idonethis.integrations.mails.reading import header, sender

_COMMENT = re.compile(r"\([^()]*\)")
#: A method, its result, and of what that holds, such as ``dkim=pass header.d=example.org``.
_RESULT = re.compile(r"(dmarc|dkim|spf)\s*=\s*pass\b(.*)", re.IGNORECASE)
_OF = {
    "dmarc": re.compile(r"header\.from\s*=\s*([\w.-]+)", re.IGNORECASE),
    "dkim": re.compile(r"header\.d\s*=\s*([\w.-]+)", re.IGNORECASE),
    "spf": re.compile(r"smtp\.mailfrom\s*=\s*(?:[^\s;@]*@)?([\w.-]+)", re.IGNORECASE),
}


def is_vouched(message: Message) -> bool:
    """Only the topmost results count, and only of a server that the operator names: everything
    below was in the mail before it came to us, and anybody may have written it."""
    said = header(message, "authentication-results")
    server, _, results = _COMMENT.sub(" ", said).partition(";")
    if server.strip().split(" ")[0].lower() not in settings.MAIL_TRUSTED:
        return False
    domain = sender(message).rpartition("@")[2]
    return any(_vouches(result, domain) for result in results.split(";"))


def _vouches(result: str, domain: str) -> bool:
    found = _RESULT.match(result.strip())
    of = _OF[found[1].lower()].search(found[2]) if found else None
    return bool(of and domain) and _is_aligned(domain, of[1].lower() if of else "")


def _is_aligned(domain: str, vouched: str) -> bool:
    """As strictly as DMARC can: https://www.rfc-editor.org/rfc/rfc7489#section-3.1"""
    return domain == vouched
