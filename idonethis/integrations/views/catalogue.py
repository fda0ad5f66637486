"""The catalogue, and one integration of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.requests import Request
from idonethis.integrations import registry
from idonethis.integrations.base import Integration, Needed, Posts, Reads, Sends, Tells
from idonethis.integrations.examples import examples
from idonethis.integrations.markdown import setup_text
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PartnerApp
from idonethis.integrations.quality import full, marks
from idonethis.integrations.views.common import known


@dataclass(frozen=True)
class Tile:
    integration: Integration
    links: list[IntegrationLink] = field(default_factory=list)

    @property
    def troubled(self) -> list[IntegrationLink]:
        return [link for link in self.links if link.is_in_trouble]

    @property
    def missing(self) -> list[Needed]:
        return PartnerApp.missing(self.integration)

    @property
    def full_marks(self) -> int:
        return full(self.integration)

    @property
    def marks(self) -> int:
        return len(marks(self.integration))

    @property
    def last(self) -> datetime | None:
        """When anything came in or went out."""
        times = [t for link in self.links for t in (link.last_received_at, link.last_sent_at) if t]
        return max(times, default=None)

    def matches(self, words: Iterable[str]) -> bool:
        about = self.integration
        said = f"{about.name} {about.category} {about.tagline}".lower()
        return all(word in said for word in words)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def catalogue(request: Request) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:80]
    tiles = _tiles(request)
    found = [tile for tile in tiles if tile.matches(wanted.lower().split())]
    context = {
        "q": wanted,
        "team_slug": request.GET.get("team", ""),
        "count": len(tiles),
        "connected": [tile for tile in found if tile.links],
        "categories": _by_category(tile for tile in found if not tile.links),
        "anything": any(tile.integration.category == "Anything" for tile in tiles),
    }
    return render(request, f"integrations/catalogue.html{_part(request)}", context)


def _part(request: Request) -> str:
    return "#tiles" if request.htmx else ""


def _tiles(request: Request) -> list[Tile]:
    links: dict[str, list[IntegrationLink]] = {}
    for link in IntegrationLink.objects.visible_to(request.user):
        links.setdefault(link.integration_type, []).append(link)
    return [Tile(each, links.get(kind, [])) for kind, each in registry.integrations().items()]


def _by_category(tiles: Iterable[Tile]) -> list[tuple[str, list[Tile]]]:
    """In alphabetical order, what takes anything last."""
    found: dict[str, list[Tile]] = {}
    for tile in tiles:
        found.setdefault(tile.integration.category, []).append(tile)
    return sorted(found.items(), key=lambda item: (item[0] in ("Anything", "Other"), item[0]))


@login_required
@require_safe
def integration(request: Request, integration_type: str) -> HttpResponse:
    found = known(integration_type)
    links = IntegrationLink.objects.visible_to(request.user).filter(
        integration_type=integration_type
    )
    context = {
        "integration": found,
        "links": links.select_related("team").order_by("team__name", "pk"),
        "accounts": _accounts(request, found),
        "missing": PartnerApp.missing(found),
        "by_hand": registry.links_by_hand(found),
        "receives": isinstance(found, Reads),
        "posts": isinstance(found, Posts),
        "follows": isinstance(found, Sends | Tells),
        "examples": examples(found) if isinstance(found, Reads) else (),
        "marks": marks(found),
        "text": setup_text(found),
        "doubted": IntegrationUser.objects.doubted(integration_type).count(),
        "team_slug": request.GET.get("team", ""),
    }
    return render(request, "integrations/integration.html", context)


def _accounts(request: Request, integration: Integration) -> list[IntegrationUser]:
    mine = IntegrationUser.objects.filter(user=request.user, team=None)
    return list(mine.filter(integration_type=integration.integration_type))
