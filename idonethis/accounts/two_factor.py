"""The second factor's secrets at rest: encrypted like every other, with the first key, and read
with any that is configured.

https://docs.allauth.org/en/latest/mfa/adapter.html
"""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken, MultiFernet

from idonethis.keys import Sealed, boxes

PURPOSE = "two-factor"


class TwoFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This is not the right code. It changes every half minute: try the next."
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as problem:
            raise Sealed("A second factor was encrypted with a key that is gone.") from problem

    def reseal(self, encrypted_text: str) -> str:
        """The same, encrypted with the first key; itself, where it is already. Raises Sealed."""
        text = self.decrypt(encrypted_text)
        try:
            boxes(PURPOSE)[0].decrypt(encrypted_text.encode())
        except InvalidToken:
            return self.encrypt(text)
        return encrypted_text


def forget_unreadable() -> int:
    """Second factors whose key is gone are off. Returns of how many people."""
    lost = [each for each in Authenticator.objects.all() if _is_lost(each)]
    Authenticator.objects.filter(pk__in=[each.pk for each in lost]).delete()
    return len({each.user_id for each in lost})


def _is_lost(authenticator: Authenticator) -> bool:
    try:
        for name in ("secret", "seed"):
            if sealed := authenticator.data.get(name):
                TwoFactorAdapter().decrypt(sealed)
    except Sealed:
        return True
    return False


def _box() -> MultiFernet:
    return MultiFernet(boxes(PURPOSE))
