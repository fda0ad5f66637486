"""Sessions in the database, of which the database knows neither the keys nor what they hold, such
as the key of a password reset that is under way: who has stolen it cannot walk in as somebody
else."""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.fernet import InvalidToken, MultiFernet
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.utils import timezone

from idonethis.keys import boxes
from idonethis.prepared import Prepared

SESSION = Prepared(lambda key: Stored.get_model_class().objects.filter(session_key=key))


class SessionStore(Stored):
    """The row is found by a hash of the key that the browser has. Its asynchronous methods are not
    used here, and would find nothing."""

    def _get_session_from_db(self) -> Any:
        found = SESSION.first(_hashed(self.session_key))
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=_hashed(session_key)).exists()

    def create_model_instance(self, data: Any) -> Any:
        made = super().create_model_instance(data)
        made.session_key = _hashed(made.session_key)
        return made

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            self.model.objects.filter(session_key=_hashed(key)).delete()

    def encode(self, session_dict: dict[str, Any]) -> str:
        return _box().encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """Nothing, where its key is gone: then somebody signs in once more."""
        try:
            opened = _box().decrypt(session_data)
        except InvalidToken:
            return {}
        decoded: dict[str, Any] = super().decode(opened.decode())
        return decoded


def _box() -> MultiFernet:
    return MultiFernet(boxes("session"))


def _hashed(key: str | None) -> str:
    """As long as a row's key may be."""
    return hashlib.sha256((key or "").encode()).hexdigest()[:40]
