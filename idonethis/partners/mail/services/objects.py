"""Services that send JSON, each known by a name that only its own has."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from idonethis.integrations.base import Unreadable
from idonethis.integrations.shapes import line, record, records
from idonethis.partners.mail.services.rebuilt import Header, headers_of, rebuilt

Said = Mapping[str, Any]


def mails(said: Any) -> list[bytes]:
    if isinstance(said, list):
        found = [_sparkpost(each) for each in records(said)]
    elif isinstance(said, dict) and "items" in said:
        found = [_brevo(each) for each in records(said["items"])]
    else:
        body = record(said)
        found = [read(body) for name, read in READS.items() if name in body][:1]
    return [raw for raw in found if raw]


def _whole(raw: Any, *, base64: bool = False) -> bytes:
    if not isinstance(raw, str):
        return b""
    try:
        return b64decode(raw) if base64 else raw.encode()
    except ValueError as problem:
        raise Unreadable("The mail in it says that it is base64, and is not.") from problem


def _sparkpost(said: Said) -> bytes:
    """https://developers.sparkpost.com/api/relay-webhooks/#header-relay-webhook-payload"""
    content = record(record(record(said.get("msys")).get("relay_message")).get("content"))
    is_base64 = content.get("email_rfc822_is_base64") is True
    return _whole(content.get("email_rfc822"), base64=is_base64)


def _brevo(said: Said) -> bytes:
    """https://developers.brevo.com/docs/inbound-parse-webhooks#parsed-email-payload"""
    headers = headers_of(said.get("Headers"))
    return rebuilt(headers, said.get("RawTextBody"), said.get("RawHtmlBody"))


def _postmark(said: Said) -> bytes:
    """https://postmarkapp.com/developer/webhooks/inbound-webhook : these headers stand apart."""
    if raw := _whole(said.get("RawEmail")):
        return raw
    apart = ((name, line(said.get(name))) for name in ("From", "To", "Cc", "Subject", "Date"))
    headers: list[Header] = [*apart, *headers_of(said.get("Headers"))]
    return rebuilt(headers, said.get("TextBody"), said.get("HtmlBody"))


def _postal(said: Said) -> bytes:
    """https://docs.postalserver.io/developer/http-payloads"""
    return _whole(said.get("message"), base64=said.get("base64") is True)


def _mailersend(said: Said) -> bytes:
    """https://developers.mailersend.com/api/v1/inbound.html"""
    return _whole(record(said.get("data")).get("raw"))


def _mailjet(said: Said) -> bytes:
    """https://dev.mailjet.com/email/guides/parse-api/"""
    return rebuilt(headers_of(said.get("Headers")), said.get("Text-part"), said.get("Html-part"))


def _sns(said: Said) -> bytes:
    """https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html"""
    try:
        return _ses(record(orjson.loads(line(said.get("Message")) or "{}")))
    except orjson.JSONDecodeError:
        return b""


def _ses(said: Said) -> bytes:
    """https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html"""
    action = record(record(said.get("receipt")).get("action"))
    return _whole(said.get("content"), base64=action.get("encoding") == "BASE64")


READS: Mapping[str, Callable[[Said], bytes]] = {
    "FromFull": _postmark,
    "RawEmail": _postmark,
    "rcpt_to": _postal,
    "Parts": _mailjet,
    "Message": _sns,
    "notificationType": _ses,
    "data": _mailersend,
}
