"""Every page that shows a list, and how many questions it may ask the databases, however much there
is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.attacks.routes import ROUTES
from tests.growth.crowd import Crowd

TEAM, LINK = "t/<slug:slug>", "links/<slug:hash_id>"


@dataclass(frozen=True)
class Page:
    """``looks_through``: somebody asks for what is only known once all that there is of a team, or
    all that has a tag, was looked through: the words in it, or how often each end came about."""

    route: str
    budget: int
    query: str = ""
    looks_through: bool = False

    def __str__(self) -> str:
        return f"{self.route}?{self.query}".rstrip("?")

    def address(self, names: Mapping[str, Any]) -> str:
        path = self.route
        for word in ROUTES[self.route].args.split():
            path = re.sub(r"<[^>]+>", str(names[word]), path, count=1)
        return f"/{path}?{self.query.format(**names)}"

    def visit(self, browser: Client, crowd: Crowd) -> int:
        shown = {"Authorization": f"Bearer {crowd.token}"} if self.route.startswith("api/") else {}
        return browser.get(self.address(crowd.names), headers=shown).status_code


PAGES = (
    Page(TEAM, 13),
    Page(TEAM, 14, "before={place}"),
    Page(TEAM, 12, "person={person}"),
    Page(TEAM, 12, "source=acme"),
    Page(TEAM, 13, "source=acme&before={place}"),
    Page(TEAM, 12, "kind=done"),
    Page(TEAM, 12, "tag=gears", looks_through=True),
    Page(f"{TEAM}/newer", 4, "after={newest}"),
    Page("me", 10),
    Page("me", 11, "before={place}"),
    Page("search", 7),
    Page("search", 11, "q=cast+gear"),
    Page("search", 11, "q=cast+gear&before={place}"),
    Page("search", 11, "q=gear+17"),
    Page("search", 10, "q=nothing+like+it"),
    Page("search", 16, "q=c&team={slug}&person={person}&kind=done&source=acme&from=2020-01-01"),
    Page("e/<slug:hash_id>", 18),
    Page("e/<slug:hash_id>", 18, "before={comment}"),
    Page(f"{TEAM}/integrations", 13),
    Page(f"{TEAM}/people", 13),
    Page(f"{TEAM}/settings", 10),
    Page(f"{TEAM}/changes", 15),
    Page(f"{TEAM}/changes", 15, "before={change}"),
    Page(f"{TEAM}/changes", 15, "q=paused"),
    Page(f"{TEAM}/unclaimed", 18),
    Page(f"{TEAM}/unclaimed/matched/<int:account>", 15),
    Page(f"{TEAM}/activity", 24),
    Page(f"{TEAM}/activity", 23, "before={line}"),
    Page(f"{TEAM}/activity", 19, "result=created"),
    Page(f"{TEAM}/replay", 15, looks_through=True),
    Page(LINK, 20),
    Page(f"{LINK}/activity", 22),
    Page(f"{LINK}/activity", 21, "before={line}"),
    Page(f"{LINK}/edit", 16),
    Page(f"{LINK}/replay", 18, looks_through=True),
    Page("receipts/<int:receipt_id>", 16),
    Page("deliveries/<int:delivery_id>", 15),
    Page(f"{TEAM}/moving", 16),
    Page("jobs/<slug:hash_id>", 12),
    Page("why", 120, "q=gear+17", looks_through=True),
    Page("integrations", 6),
    Page("integrations/<slug:integration_type>", 8),
    Page("settings", 6),
    Page("settings/connections", 8),
    Page("settings/tokens", 6),
    Page("settings/data", 8),
    Page("settings/mails", 5),
    Page("settings/feeds", 7),
    # A digest tells of a whole day.
    Page("mails/<slug:kind>/<slug:slug>", 17, looks_through=True),
    Page("mails/<slug:kind>/<slug:slug>/html", 9, looks_through=True),
    Page("administration/people", 6),
    Page("administration/people/<slug:hash_id>", 9),
    Page("administration/applications", 7),
    Page("administration/changes", 10),
    Page("administration/changes", 10, "before={change}"),
    Page("api/v2/noop", 4),
    Page("api/v2/teams", 5),
    Page("api/v2/teams/<hash_id>", 5),
    Page("api/v2/teams/<hash_id>/members", 6),
    Page("api/v2/teams/<hash_id>/entries", 7),
    Page("api/v2/entries", 7),
    Page("api/v2/entries", 9, "team_id={team_id}&page_size=20"),
    Page("api/v2/entries", 9, "team_id={team_id}&status=done&user=me"),
    Page("api/v2/entries", 9, "team_id={team_id}&tag=gears", looks_through=True),
    Page("api/v2/entries", 10, "team_id={team_id}&q=gear+17"),
    Page("api/v2/activity", 17),
    Page("api/v2/activity", 17, "before={line}"),
    Page("api/v2/why", 120, "q=gear+17", looks_through=True),
    Page("api/v2/hooks", 6),
    Page("api/v2/hooks/sample", 9, "team_id={team_id}"),
)
#: They show no list: a form, or what is about the person alone.
WITHOUT_LISTS = {
    "teams/new",
    "integrations/claim/<str:signed>",
    "integrations/<slug:integration_type>/setup",
    "integrations/<slug:integration_type>/link",
    f"{TEAM}/mails",
    # As much of a file as a part of it takes.
    f"{TEAM}/uploads/<slug:hash_id>",
    f"{LINK}/export",
    f"{LINK}/past",
    "join/<str:token>",
    # What its checkup asks is asked as gauges, too.
    "administration",
    "api/v2/openapi.json",
    ".well-known/oauth-authorization-server",
    ".well-known/oauth-protected-resource",
    ".well-known/oauth-protected-resource/mcp",
    "oauth/authorize",
    "device",
    "api/v2/hooks/<hook_id>",
    "api/v2/hooks/<hook_id>/deliveries",
    "api/v2/entries/<hash_id>",
}
