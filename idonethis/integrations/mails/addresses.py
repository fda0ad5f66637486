"""Addresses of links for mails, ``log+LINK.GUARD@host`` and, for one person, with ``.DAY.PROOF``.

The guard shows that the address is one of ours, so that nobody finds one by trying; the proof, that
it was given to the owner of one mail address, and works for what that sends and nothing else.
Nothing is kept: they end with the link."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from idonethis.entries.text import folded

SALT = "idonethis.mails.addresses"
#: Of what a guard and a proof show, in characters of five bits.
GUARD, PROOF = 12, 16
#: Mails to an address without a date are about the day on which they are sent.
ANY_DAY = "0"
_OURS = re.compile(
    r"\+([0-9a-f]{12})\.([a-z2-7]{12})(?:\.(0|[0-9]{6})\.([a-z2-7]{16}))?@", re.IGNORECASE
)


@dataclass(frozen=True)
class MailAddress:
    """``link`` is the public name of a link."""

    link: str
    day: str = ""
    proof: str = ""

    @classmethod
    def of_link(cls, link: str) -> Self:
        """For everybody in the team, whom the mail itself must prove."""
        return cls(link)

    @classmethod
    def of_person(cls, link: str, sender: str, day: date | None = None) -> Self:
        named = f"{day:%y%m%d}" if day else ANY_DAY
        return cls(link, named, _mac(PROOF, settings.SECRET_KEY, link, named, folded(sender)))

    @classmethod
    def read(cls, address: str) -> Self | None:
        """None for whatever is not an address that we gave out."""
        found = _OURS.search(address.strip())
        if not found or not _same_mailbox(address):
            return None
        link, guard, day, proof = (part.lower() if part else "" for part in found.groups())
        return cls(link, day, proof) if _is_mac(guard, link) else None

    def __str__(self) -> str:
        local, _, domain = settings.MAIL_ADDRESS.partition("@")
        guard = _mac(GUARD, settings.SECRET_KEY, self.link)
        person = f".{self.day}.{self.proof}" if self.proof else ""
        return f"{local}+{self.link}.{guard}{person}@{domain}"

    def is_proof_of(self, sender: str) -> bool:
        """Whether it was given to the owner of this mail address."""
        return bool(self.proof) and _is_mac(self.proof, self.link, self.day, folded(sender))

    @property
    def date(self) -> date | None:
        try:
            return datetime.strptime(self.day, "%y%m%d").date()
        except ValueError:
            return None


def ours(addresses: Iterable[str]) -> Iterator[MailAddress]:
    for address in addresses:
        if found := MailAddress.read(address):
            yield found


def is_plain(address: str) -> bool:
    """The address of the server itself, which names no link."""
    return bool(settings.MAIL_ADDRESS) and folded(address) == folded(settings.MAIL_ADDRESS)


def _same_mailbox(address: str) -> bool:
    """The one to which mails come here, whatever follows its plus."""
    local, _, domain = folded(address.strip()).rpartition("@")
    return is_plain(f"{local.partition('+')[0]}@{domain}")


def _is_mac(given: str, *said: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(given, _mac(len(given), key, *said)) for key in keys)


def _mac(length: int, key: str, *said: str) -> str:
    digest = salted_hmac(SALT, "\n".join(said), secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest).decode().lower()[:length]
