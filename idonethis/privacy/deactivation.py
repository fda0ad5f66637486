from __future__ import annotations

from django.db import transaction

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.privacy.deletion import CannotGo
from idonethis.teams.models import Membership
from idonethis.teams.signals import member_leaves


@transaction.atomic
def deactivate(user: User) -> None:
    """They cannot sign in any more, and whatever runs by their leave is handed over; what they
    logged stays as it is. Raises CannotGo."""
    if user.is_last_administrator:
        raise CannotGo("Nobody else administers this server. Nothing was changed.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.end_sessions()
    record("person.deactivated", user)
    for membership in user.memberships.select_related("team").filter(team__personal_of=None):
        member_leaves.send(sender=Membership, team=membership.team, user=user)


@transaction.atomic
def reactivate(user: User) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("person.reactivated", user)
