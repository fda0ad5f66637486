"""Jira Data Center: an issue that reaches a status of the category Done becomes a done. It sends
what Jira sends from the cloud, which is read as there; only people are called after their server.

https://developer.atlassian.com/server/jira/platform/webhooks/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from idonethis.integrations.base import (
    Asks,
    Choice,
    Client,
    Draft,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Place,
    Reason,
    line,
    record,
)
from idonethis.integrations.kits.servers import AtServers
from idonethis.partners.jira.issues import issue
from idonethis.partners.jira.reading import Change
from idonethis.partners.jira_server import api
from idonethis.partners.jira_server.forms import JiraServerCredentials, JiraServerForm
from idonethis.partners.jira_server.refusals import ANSWERS


class JiraServer(AtServers):
    name = "Jira Data Center"
    category = "Planning"
    introducer = registrar = api
    tagline = "Issues at a Jira of your own that are done become dones of their assignees."
    api_path = ""
    place = "project"
    credentials = JiraServerCredentials
    link_form = JiraServerForm
    asks = Asks(
        place=Place(
            "project",
            "projects",
            usual="every project",
            help="Keys of projects, such as ENG. Left empty: every project that is sent.",
        ),
        labels=True,
    )
    reads = ("your name", "the names of projects, to pick one", "issues of the project")
    writes = ("one webhook for each project that you link",)
    answers = ANSWERS
    # https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html
    bearer = "token"
    hook_events = api.EVENTS
    # https://confluence.atlassian.com/adminjiraserver/managing-webhooks-938846912.html
    signature = Hmac("X-Hub-Signature", prefix="sha256=")

    def summary(self, link: Link) -> str:
        return "Logs issues that are done"

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.projects(client, self.site(client), query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        super().check(config, client)
        api.check_version(client)

    def hooks_page(self, subject: str) -> str:
        return f"{subject.rpartition('/')[0]}/plugins/servlet/webhooks"

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("webhookEvent"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        change = Change.of(hook.json)
        site, _, project = link.subject.rpartition("/")
        if not change.event.startswith("jira:issue_"):
            said = f"Jira’s “{change.event}” never makes an entry."
            yield Ignored(Reason.UNSUPPORTED, said)
        elif project and line(change.project.get("id")) != project:
            yield Ignored(Reason.FILTERED, "It is about another project than this link.")
        else:
            yield from (_at(site or change.site, event) for event in issue(change))


def _at(site: str, event: Event) -> Event:
    """Whose work it is, by the name that this server has for them."""
    if not isinstance(event, Draft):
        return event
    return replace(event, actor=replace(event.actor, uid=api.named(site, event.actor.uid)))


integration = JiraServer()
