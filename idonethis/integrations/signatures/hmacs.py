"""A keyed digest of what was sent, which only who has the secret can make."""

from __future__ import annotations

import hmac
import secrets as chance
from collections.abc import Sequence
from dataclasses import dataclass, replace

from idonethis.integrations.signatures.base import Covers, Refused, Signature
from idonethis.integrations.signatures.stamps import Stamp
from idonethis.integrations.signatures.text import Text
from idonethis.integrations.values import Hook, Secret

#: More signatures than this in one header are nobody's rotation.
MOST_PARTS = 16


@dataclass(frozen=True)
class Hmac(Signature):
    """``prefix + encoding(HMAC(algorithm, secret, template))`` in a header, or in one of several
    parts of it, where there is a ``separator``.

    ``template`` is the signed text, with ``{body}`` and, where the sender has them, ``{timestamp}``
    (see ``stamp``), ``{id}`` (of ``id_header``), ``{method}`` and ``{url}``: the address as this
    server knows it, whatever a proxy made of it. The key is the secret without ``key_prefix``, read
    as ``key``."""

    header: str
    prefix: str = ""
    algorithm: str = "sha256"
    encoding: Text = Text.HEX
    template: str = "{body}"
    separator: str = ""
    stamp: Stamp | None = None
    id_header: str = ""
    key: Text = Text.PLAIN
    key_prefix: str = ""

    @property
    def covers(self) -> Covers:
        return Covers.BODY_AND_TIME if self.stamp else Covers.BODY

    def check(self, hook: Hook, secrets: Sequence[Secret]) -> None:
        parts = self._parts(hook)
        said = self.stamp.read(hook, parts) if self.stamp and not self.stamp.field else ""
        expected = [each for secret in secrets if (each := self._expected(hook, secret, said))]
        # Compared as bytes: text outside ASCII would make compare_digest raise.
        given = [part.encode() for part in parts]
        if not any([hmac.compare_digest(one, other) for one in given for other in expected]):
            raise Refused(f"{self.header} is missing or wrong.")
        if self.stamp:
            self.stamp.check(hook, said or self.stamp.read(hook, parts))

    def _parts(self, hook: Hook) -> list[str]:
        given = hook.header(self.header)
        if not self.separator:
            return [given]
        return [part.strip() for part in given.split(self.separator, MOST_PARTS)[:MOST_PARTS]]

    def _expected(self, hook: Hook, secret: Secret, said: str) -> bytes:
        """Nothing, where the secret is none."""
        key = self._key(secret)
        if not key:
            return b""
        digest = hmac.digest(key, self._signed_text(hook, said), self.algorithm)
        return self.prefix.encode() + self.encoding.write(digest)

    def _key(self, secret: Secret) -> bytes:
        try:
            return self.key.read(secret.removeprefix(self.key_prefix))
        except ValueError:
            return b""

    def _signed_text(self, hook: Hook, said: str) -> bytes:
        if self.template == "{body}":
            return hook.body
        before, _, after = self.template.partition("{body}")
        return self._filled(before, hook, said) + hook.body + self._filled(after, hook, said)

    def _filled(self, text: str, hook: Hook, said: str) -> bytes:
        named = {
            "timestamp": said,
            "id": hook.header(self.id_header),
            "method": hook.method,
            "url": hook.url,
        }
        return text.format_map(named).encode()

    def stamped(self, hook: Hook, secret: Secret) -> Hook:
        return self.stamp.stamped(hook) if self.stamp else hook

    def sign(self, hook: Hook, secret: Secret, *others: Secret) -> dict[str, str]:
        """A stamp in the body stays as it is. With other secrets, too, one signature each."""
        said = self.stamp.write(hook) if self.stamp else ""
        headers = self._own_headers(hook, said)
        stamped = replace(hook, headers={**hook.headers, **headers})
        every = (self._expected(stamped, each, said).decode() for each in (secret, *others))
        signed = " ".join(every)
        if self.stamp and self.stamp.part:
            signed = f"{self.stamp.part}{said}{self.separator}{signed}"
        return {**headers, self.header.lower(): signed}

    def _own_headers(self, hook: Hook, said: str) -> dict[str, str]:
        headers = {}
        if self.stamp and self.stamp.header:
            headers[self.stamp.header.lower()] = said
        if self.id_header:
            headers[self.id_header.lower()] = hook.header(self.id_header) or chance.token_hex(12)
        return headers

    def carries(self, hook: Hook) -> bool:
        return bool(hook.header(self.header))

    def fits(self, secret: Secret) -> bool:
        return bool(self._key(secret))

    def new_secret(self) -> Secret:
        if self.key is Text.PLAIN:
            return super().new_secret()
        raw = chance.token_bytes(32)
        return Secret(self.key_prefix + self.key.write(raw).decode())


#: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
STANDARD_WEBHOOKS = Hmac(
    "webhook-signature",
    prefix="v1,",
    encoding=Text.BASE64,
    template="{id}.{timestamp}.{body}",
    separator=" ",
    stamp=Stamp("webhook-timestamp"),
    id_header="webhook-id",
    key=Text.BASE64,
    key_prefix="whsec_",
)
