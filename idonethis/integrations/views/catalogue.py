"""The catalogue, and one integration of it."""

from __future__ import annotations

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
from idonethis.integrations.wanted import ABILITIES, ANYTHING, Wanted, categories


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


@login_required
@require_safe
@vary_on_headers("HX-Request")
def catalogue(request: Request) -> HttpResponse:
    wanted, everything = Wanted.asked(request.GET), registry.every()
    links = _links(request)
    found = [each for each in everything if wanted.fits(each)]
    shelves = categories(everything)
    fresh = categories(each for each in found if each.integration_type not in links)
    mine = [each for each in found if each.integration_type in links]
    context = {
        "wanted": wanted,
        "team_slug": request.GET.get("team", ""),
        "count": len(everything),
        "connected": [Tile(each, links[each.integration_type]) for each in mine],
        "categories": [(title, [*map(Tile, those)]) for title, those in fresh.items()],
        "shelves": [(title, len(those)) for title, those in shelves.items()],
        "anything": ANYTHING in shelves,
        "abilities": [(code, words) for code, (words, _) in ABILITIES.items()],
    }
    return render(request, f"integrations/catalogue.html{_part(request)}", context)


def _part(request: Request) -> str:
    return "#tiles" if request.htmx else ""


def _links(request: Request) -> dict[str, list[IntegrationLink]]:
    """Those that may be seen, by type."""
    links: dict[str, list[IntegrationLink]] = {}
    for link in IntegrationLink.objects.visible_to(request.user):
        links.setdefault(link.integration_type, []).append(link)
    return links


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
