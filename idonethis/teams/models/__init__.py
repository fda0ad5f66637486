"""Teams, who belongs to them, and how one gets in."""

from __future__ import annotations

from idonethis.teams.models.invitation import Invitation, InvitationQuerySet, in_two_weeks
from idonethis.teams.models.team import (
    LastAdmin,
    Membership,
    Role,
    Team,
    TeamQuerySet,
    WhenDeleted,
)

__all__ = [
    "Invitation",
    "InvitationQuerySet",
    "LastAdmin",
    "Membership",
    "Role",
    "Team",
    "TeamQuerySet",
    "WhenDeleted",
    "in_two_weeks",
]
