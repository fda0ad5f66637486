"""Services that send a form."""

from __future__ import annotations

from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

import orjson

from idonethis.integrations.base import Hook, Unreadable
from idonethis.integrations.shapes import line, record, records
from idonethis.partners.mail.services.rebuilt import Header, headers_of, rebuilt

#: The whole mail. Mailgun:
#: https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store
#: SendGrid: https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
WHOLE = ("body-mime", "email")
#: Mandrill's batch: https://mailchimp.com/developer/transactional/docs/webhooks/
BATCH = "mandrill_events"


def mails(fields: Mapping[str, bytes]) -> list[bytes]:
    if whole := next((fields[name] for name in WHOLE if fields.get(name)), b""):
        return [whole]
    if BATCH in fields:
        return _of_batch(_json(fields[BATCH]))
    taken_apart = _of_mailgun(fields) or _of_sendgrid(fields)
    return [taken_apart] if taken_apart else []


def is_try(fields: Mapping[str, bytes]) -> bool:
    """An empty batch."""
    return fields.get(BATCH, b"").strip() == b"[]"


def _of_batch(said: Any) -> list[bytes]:
    arrived = (record(each.get("msg")) for each in records(said) if each.get("event") == "inbound")
    found = (message.get("raw_msg") for message in arrived)
    return [raw.encode() for raw in found if isinstance(raw, str) and raw]


def _of_mailgun(fields: Mapping[str, bytes]) -> bytes:
    headers = headers_of(_json(fields.get("message-headers", b"[]")))
    return rebuilt(headers, _text(fields, "body-plain"), _text(fields, "body-html"))


def _of_sendgrid(fields: Mapping[str, bytes]) -> bytes:
    """Each field comes in the charset that the mail had."""
    charsets = record(_json(fields.get("charsets", b"{}")))
    text, html = (_text(fields, name, line(charsets.get(name))) for name in ("text", "html"))
    return rebuilt(_written(fields.get("headers", b"")), text, html)


def _written(head: bytes) -> list[Header]:
    """The headers as they stood in the mail."""
    return [(name, str(value)) for name, value in _message(head + b"\r\n\r\n").raw_items()]


def parts(hook: Hook) -> dict[str, bytes]:
    """A form with files is made like a mail: https://www.rfc-editor.org/rfc/rfc7578"""
    head = b"Content-Type: " + hook.header("content-type").encode() + b"\r\n\r\n"
    fields: dict[str, bytes] = {}
    for part in _message(head + hook.body).walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            fields[str(part.get_param("name", header="content-disposition"))] = content
    return fields


def _message(raw: bytes) -> Message:
    return message_from_bytes(raw, policy=policy.compat32)


def _text(fields: Mapping[str, bytes], name: str, charset: str = "") -> str:
    given = fields.get(name, b"")
    try:
        return given.decode(charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        return given.decode("utf-8", "replace")


def _json(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        raise Unreadable(f"A field of the form should be JSON: {problem}.") from problem
