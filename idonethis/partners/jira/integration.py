"""Jira, at Atlassian's or in a data center: an issue that reaches a status of the category Done
becomes a done. In the cloud whoever connects picks a project, and its webhook is made by itself; a
data center, or a cloud whose server has no app of ours, has one that somebody makes there.

https://developer.atlassian.com/cloud/jira/platform/webhooks/
https://developer.atlassian.com/server/jira/platform/webhooks/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qs

from idonethis.integrations.base import (
    AnyOf,
    Asks,
    Choice,
    Client,
    Event,
    Hmac,
    Hook,
    Ignored,
    Jwt,
    Link,
    MadeHook,
    OAuth2,
    Picks,
    Place,
    Reason,
    Renews,
    Secret,
    SignsAsClient,
    StandingHook,
    line,
    record,
)
from idonethis.partners.jira import api, webhooks
from idonethis.partners.jira.forms import JiraForm
from idonethis.partners.jira.issues import issue
from idonethis.partners.jira.reading import Change, project_in
from idonethis.partners.jira.refusals import ANSWERS
from idonethis.partners.jira.sprints import sprint

EVERYONE: frozenset[str] = frozenset()


class Jira(Picks, SignsAsClient, Renews):
    name = "Jira"
    category = "Planning"
    introducer = api
    tagline = "Issues that reach a status of the category Done become dones of their assignees."
    link_form = JiraForm
    place = "project"
    answers = ANSWERS
    asks = Asks(
        bots=True,
        place=Place(
            "project",
            "projects",
            usual="every project",
            help="Keys of projects, such as ENG. Left empty: every project.",
        ),
        labels=True,
    )
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://auth.atlassian.com",
        "api": "https://api.atlassian.com",
    }
    # https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/: it knows no PKCE, and
    # without the last scope it lets us in for an hour only.
    oauth = OAuth2(
        authorize_url="{web}/authorize",
        token_url="{web}/oauth/token",  # noqa: S106
        scopes=(
            "read:me",
            "read:jira-work",
            "read:jira-user",
            "manage:jira-webhook",
            "offline_access",
        ),
        pkce=False,
        token_body="json",  # noqa: S106
        authorize_params={"audience": "api.atlassian.com", "prompt": "consent"},
    )
    reads = (
        "your name and mail address",
        "the names of your sites and projects, to pick one",
        "issues, as webhooks bring them",
    )
    writes = ("one webhook for your account at each site that you link a project of",)
    # By hand: https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
    # https://confluence.atlassian.com/adminjiraserver/managing-webhooks-938846912.html
    # Ours: https://developer.atlassian.com/cloud/jira/platform/webhooks/#webhooks-authentication-for-oauth-2-0-apps
    signature = AnyOf((Hmac("X-Hub-Signature", prefix="sha256="), Jwt(prefix="Bearer ", leeway=60)))
    # https://developer.atlassian.com/cloud/jira/platform/webhooks/: the same when it is sent again.
    # A data center sends none; of that, equal bodies are one delivery.
    hook_events = webhooks.EVENTS
    delivery_header = "X-Atlassian-Webhook-Identifier"

    def summary(self, link: Link) -> str:
        sprints = " and closed sprints" * bool(link.config.get("sprints"))
        return f"Logs issues that are done{sprints}"

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.projects(client, query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        api.check(client, self.subject(config))

    def hook_subject(self, config: Mapping[str, Any], uid: str) -> str:
        """An account has one webhook at a site, and hears what the account sees there."""
        site = _site(self.subject(config))
        return f"{site}/{uid}" if site else ""

    def create_hook(
        self, client: Client, subject: str, *, url: str, secret: Secret, remote_id: str = ""
    ) -> MadeHook:
        return webhooks.create(client, _site(subject), url=url, remote_id=remote_id)

    def standing_hook(
        self, client: Client, subject: str, *, url: str, remote_id: str
    ) -> StandingHook | None:
        return webhooks.standing(client, _site(subject), url=url, remote_id=remote_id)

    def destroy_hook(self, client: Client, subject: str, *, url: str, remote_id: str) -> None:
        webhooks.destroy(client, _site(subject), url=url, remote_id=remote_id)

    def concerns(self, hook: Hook) -> frozenset[str]:
        """The address of a webhook that we made names the site."""
        site, project = parse_qs(hook.query).get("site", [""])[0], project_in(hook)
        return frozenset((f"{site}/{project}",)) if site and project else EVERYONE

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("webhookEvent"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        change = Change.of(hook.json)
        if change.event.startswith("jira:issue_"):
            yield from issue(change)
        elif change.event.startswith("sprint_"):
            yield from sprint(change, wanted=bool(link.config.get("sprints")))
        else:
            said = f"Jira’s “{change.event}” never makes an entry."
            yield Ignored(Reason.UNSUPPORTED, said)


def _site(subject: str) -> str:
    return subject.partition("/")[0]


integration = Jira()
