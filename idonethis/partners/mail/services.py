"""The mail in what mail services send. Each can pass it on as it came, in one field of its own, so
that no more of a service need be known than that."""

from __future__ import annotations

from email import message_from_bytes, policy

from idonethis.integrations.base import Hook, Unreadable, json_object
from idonethis.integrations.mails.takes import MAIL

#: https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store ,
#: https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
IN_FORM = ("body-mime", "email")
#: https://postmarkapp.com/developer/webhooks/inbound-webhook
IN_JSON = "RawEmail"


def raw(hook: Hook) -> bytes:
    """Raises Unreadable, where no mail is in it."""
    kind = hook.header("content-type").partition(";")[0].strip().lower()
    if kind == MAIL:
        return hook.body
    if kind == "multipart/form-data":
        return _found(_parts(hook))
    if hook.is_form:
        return _found({name: value.encode() for name, value in hook.form.items()})
    said = json_object(hook.json, "What a mail service sends").get(IN_JSON)
    return _found({IN_FORM[0]: said.encode() if isinstance(said, str) else b""})


def _found(fields: dict[str, bytes]) -> bytes:
    given = next((fields[name] for name in IN_FORM if fields.get(name)), b"")
    if not given:
        raise Unreadable("There is no whole mail in it. Let the service send the raw MIME.")
    return given


def _parts(hook: Hook) -> dict[str, bytes]:
    """A form with files is made like a mail: https://www.rfc-editor.org/rfc/rfc7578"""
    head = b"Content-Type: " + hook.header("content-type").encode() + b"\r\n\r\n"
    fields: dict[str, bytes] = {}
    for part in message_from_bytes(head + hook.body, policy=policy.compat32).walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            fields[str(part.get_param("name", header="content-disposition"))] = content
    return fields
