"""The mail in what mail services send: as it came where they pass that on, else put together again
from what they took it apart into. They are those that others normalise, too:
https://anymail.dev/en/stable/inbound/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from idonethis.integrations.base import Hook, Unreadable
from idonethis.integrations.mails.takes import MAIL
from idonethis.integrations.shapes import record
from idonethis.partners.mail.services import forms, objects, thin

MULTIPART, FORM, JSON = "multipart/form-data", "form", "JSON"


def mails(hook: Hook) -> list[bytes]:
    """Each as it came, as far as it can be known; some services send several in one request. Raises
    Unreadable, where none is in it."""
    found = [raw for raw in _found(hook) if raw]
    if not found:
        raise Unreadable("There is no mail in it. Let the service send the raw MIME.")
    return found


def _found(hook: Hook) -> list[bytes]:
    kind = _kind(hook)
    if kind == MAIL:
        return [hook.body]
    if kind == MULTIPART:
        return forms.mails(forms.parts(hook))
    if kind == FORM:
        return forms.mails(_fields(hook))
    return thin.mails(hook.more) if hook.more else objects.mails(hook.json)


def is_thin(hook: Hook) -> bool:
    """Whether its service must be asked for the rest."""
    return bool(_asks(hook))


def expand(hook: Hook, address: thin.Address) -> Mapping[str, Any]:
    """What its service says, where it says more than that a mail is there. Raises Failed."""
    told = [each.ask(address) for each in _asks(hook)]
    return {thin.TOLD: told} if told else {}


def confirmed(hook: Hook) -> list[str]:
    return thin.confirmed(hook.more)


def is_try(hook: Hook) -> bool:
    """Whether a service only tries the address."""
    if _kind(hook) == FORM:
        return forms.is_try(_fields(hook))
    return _kind(hook) == JSON and thin.is_example(record(hook.json))


def _asks(hook: Hook) -> list[thin.Announced | thin.Subscription]:
    return thin.asks(record(hook.json)) if _kind(hook) == JSON else []


def _fields(hook: Hook) -> dict[str, bytes]:
    return {name: value.encode() for name, value in hook.form.items()}


def _kind(hook: Hook) -> str:
    """Amazon says that its JSON is plain text."""
    if hook.is_form:
        return FORM
    said = hook.header("content-type").partition(";")[0].strip().lower()
    return said if said in (MAIL, MULTIPART) else JSON
