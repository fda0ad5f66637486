"""Whose a session is, which every page asks."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from idonethis.accounts.models import User
from idonethis.prepared import Prepared

ACCOUNT = Prepared(lambda pk: User.objects.filter(pk=pk))


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> User | None:
        """None, too, where the account is closed."""
        user = ACCOUNT.first(user_id)
        return user if user and self.user_can_authenticate(user) else None
