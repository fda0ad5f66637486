from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from idonethis.entries.text import Line
from idonethis.integrations.base import (
    AnyOf,
    Draft,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Reason,
    Receives,
    SharedToken,
    Signature,
    fingerprint,
)
from idonethis.integrations.kits.mapped.expressions import Bad
from idonethis.integrations.kits.mapped.fields import DEFAULTS, Fields
from idonethis.integrations.kits.mapped.forms import form_of


class Mapped(Receives):
    """Takes JSON or a form."""

    # A sender that cannot sign puts the secret itself into a header.
    signature: Signature = AnyOf(
        (
            Hmac("X-Signature-256", prefix="sha256="),
            Hmac("X-Hub-Signature-256", prefix="sha256="),
            SharedToken("X-Webhook-Token"),
            SharedToken("Authorization", prefix="Bearer "),
        )
    )
    delivery_header = "X-Delivery-Id"
    #: Where each field stands, where it is somewhere else than in ``DEFAULTS``.
    fields: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.link_form = form_of({**DEFAULTS, **cls.fields})

    def subject(self, config: Mapping[str, Any]) -> str:
        return str(config.get("name") or "")

    def summary(self, link: Link) -> str:
        return f"Logs what it finds at {self._fields(None, link).where('text')}"[:80]

    def delivery_key(self, hook: Hook) -> str:
        """Without a name of its own, the same body on another day is another delivery: what runs
        every night says the same every night."""
        own = hook.header(self.delivery_header) or hook.header("Idempotency-Key")
        return own or f"{hook.received_at:%Y-%m-%d}:{fingerprint(hook.body)}"

    def check_readable(self, hook: Hook) -> None:
        body_of(hook)

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        fields = self._fields(body_of(hook), link)
        try:
            lines = fields.lines
            for number, line in enumerate(lines):
                yield draft(fields, line, key=self._key(hook, link, fields, number), hook=hook)
        except Bad as problem:
            yield Ignored(Reason.FAILED, f"{problem} Nothing was logged.")
            return
        if not lines:
            where = fields.where("text")
            yield Ignored(Reason.UNSUPPORTED, f"There is no text at {where}. Nothing was logged.")

    def _fields(self, body: Any, link: Link) -> Fields:
        return Fields(body, {**self.fields, **link.config})

    def _key(self, hook: Hook, link: Link, fields: Fields, number: int) -> str:
        """The sender's own id names the entry; two links may use the same ids."""
        return f"{link.hash_id}:{fields.external_id or self.delivery_key(hook)}:{number}"


def body_of(hook: Hook) -> Any:
    """The body as JSON, or the fields of a form. Raises Unreadable."""
    is_form = "form-urlencoded" in hook.header("content-type")
    # What curl -d sends calls itself a form, whatever it is.
    if is_form and hook.body.lstrip().startswith(b"{"):
        return replace(hook, headers={}).json
    return hook.form if is_form and "payload" not in hook.form else hook.json


def draft(fields: Fields, line: Line, *, key: str, hook: Hook) -> Draft:
    """``as_of`` the time of receipt: what is sent later under the same id changes the words."""
    at = fields.at
    instant = at if isinstance(at, datetime) else None
    return Draft(
        body=line.body,
        kind=line.kind,
        key=key,
        url=fields.url,
        occurred_at=instant,
        day=None if instant else at,
        as_of=hook.received_at,
        actor=fields.actor,
    )


class FromTool(Mapped):
    """From a tool that posts what it is told to. It cannot sign, but sets headers."""

    category = "Anything"
    signature = SharedToken("Authorization", prefix="Bearer ")
