"""What is in trouble and needs somebody, for the top of every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context

from idonethis.accounts.models import User
from idonethis.integrations.models import Incident, IntegrationLink
from idonethis.integrations.templatetags.integrations import ShownStorm
from idonethis.teams.models import Team

register = template.Library()


@dataclass(frozen=True)
class Shown:
    """An incident as one reader sees it on the pages of one team."""

    incident: Incident
    links: list[IntegrationLink]
    held: int
    #: Where this reader puts it right; empty where they may not.
    fix: str

    @property
    def keepers(self) -> list[User]:
        return sorted({user for link in self.links for user in link.keepers}, key=str)

    @property
    def storm(self) -> ShownStorm | None:
        storm = self.incident.storm
        return ShownStorm.of(storm) if storm else None

    def concerns(self, page: Context) -> bool:
        """A storm is for who may decide about it, and the page of its link says it by itself."""
        decides = self.fix and page.get("link") not in self.links
        return bool(decides) or not self.incident.storm


@register.inclusion_tag("integrations/incidents.html", takes_context=True)
def incidents(context: Context) -> dict[str, Any]:
    """What is in trouble and needs somebody: of the team whose page this is, and, for operators, of
    the server."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"incidents": [*_of_server(user), *_of_page(context, user)]}


def _of_server(user: User) -> list[Shown]:
    doubts = Incident.objects.standing().filter(kind="in_doubt") if user.is_staff else ()
    return [Shown(each, [], 0, each.fix_url(user)) for each in doubts]


def _of_page(context: Context, user: User) -> list[Shown]:
    team = context.get("team")
    if not isinstance(team, Team) or team not in context.get("my_teams", ()):  # type: ignore[operator]
        return []
    shown = [_of_team(each, team, user) for each in Incident.objects.of_team(team)]
    return [each for each in shown if each.concerns(context)]


def _of_team(incident: Incident, team: Team, user: User) -> Shown:
    links = incident.links.filter(team=team)
    managed = links.filter(pk__in=IntegrationLink.objects.manageable_by(user)).first()
    fix = managed.get_absolute_url() if managed else ""
    return Shown(incident, list(links), incident.held(links), fix)
