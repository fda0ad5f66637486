"""Mails that no person wrote: they make no entry, and are never answered, so that two servers
cannot answer each other. https://www.rfc-editor.org/rfc/rfc3834#section-2"""

from __future__ import annotations

from email.message import Message
from email.utils import parseaddr

from django.conf import settings

from idonethis.entries.text import folded
from idonethis.integrations.mails.addresses import MailAddress, is_plain
from idonethis.integrations.mails.naming import host
from idonethis.integrations.mails.reading import header, message_id, sender

#: Senders that are programs by their name.
PROGRAMS = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply")
#: With which the names of our own mails begin.
OUR_NAMES = ("reminder-", "digest-", "answer-", "incident-")
LISTS = ("list-id", "list-unsubscribe", "list-post", "feedback-id", "x-autoreply", "x-autorespond")


def written_by(message: Message) -> str:
    """What gives it away as the mail of a program, as the rest of a sentence; nothing, where a
    person may have written it."""
    for sign in (_says_so, _is_bulk, _comes_from_nobody, _is_ours):
        if found := sign(message):
            return found
    return ""


def _says_so(message: Message) -> str:
    said = header(message, "auto-submitted").lower()
    if said and not said.startswith("no"):
        return f"it says so (Auto-Submitted: {said[:40]})"
    reported = message.get_content_type() in ("multipart/report", "message/delivery-status")
    return "it reports on another mail" if reported else ""


def _is_bulk(message: Message) -> str:
    precedence = header(message, "precedence").lower()
    if precedence in ("bulk", "list", "junk", "auto_reply"):
        return f"it is for many (Precedence: {precedence})"
    name = next((name for name in LISTS if header(message, name)), "")
    return f"it is for many ({name})" if name else ""


def _comes_from_nobody(message: Message) -> str:
    address = sender(message)
    if not address or header(message, "return-path") == "<>":
        return "it says nobody who could be answered"
    local = address.partition("@")[0].replace("_", "-")
    return f"it is from {local}" if local.startswith(PROGRAMS) else ""


def _is_ours(message: Message) -> str:
    address = sender(message)
    mine = is_plain(address) or MailAddress.read(address) is not None
    from_us = address == folded(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    local, _, domain = message_id(message).rpartition("@")
    named = local.startswith(OUR_NAMES) and domain == host()
    return "this server sent it itself" if mine or from_us or named else ""
