"""CircleCI: deployments that succeed become dones, and failures of main, if wanted, blockers.

https://circleci.com/docs/outbound-webhooks, https://circleci.com/docs/api/v2/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from idonethis.integrations.base import (
    Asks,
    Choice,
    Client,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Never,
    PicksOne,
    Place,
    Reason,
    Registers,
    Unreadable,
    line,
    record,
)
from idonethis.partners.circleci import api
from idonethis.partners.circleci.forms import CircleCICredentials, CircleCIForm
from idonethis.partners.circleci.reading import DEPLOYS, Run
from idonethis.partners.circleci.refusals import ANSWERS

#: What the pages of CircleCI call those hosts of code that slugs shorten.
HOSTS = {"gh": "github", "bb": "bitbucket"}
PING = Ignored(Reason.PING, "CircleCI tried the address.")


class CircleCI(PicksOne, Registers):
    name = "CircleCI"
    category = "Code"
    introducer = registrar = api
    tagline = "Deployments become dones; failed workflows of the main branch blockers, if you like."
    place = "project"
    logs = "deployments are"
    credentials = CircleCICredentials
    link_form = CircleCIForm
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://app.circleci.com",
        "api": "https://circleci.com/api/v2",
    }
    reads = (
        "your name",
        "the names of projects, to pick one",
        "which workflows and jobs of the project end, and how",
    )
    writes = ("one webhook for each project that you link",)
    answers = ANSWERS
    hook_events = api.EVENTS
    asks = Asks(place=Place("branch", "branches", usual="main, master and tags"))
    # https://circleci.com/docs/outbound-webhooks#validate-webhooks
    signature = Hmac("circleci-signature", prefix="v1=", separator=",")
    event_header = "circleci-event-type"
    #: After every answer that is no success, it says there.
    retries = True

    def summary(self, link: Link) -> str:
        more = " and failed workflows" if link.config.get("failures") else ""
        return f"Logs deployments{more}"

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {"Circle-Token": str(secrets.get("token", ""))}

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.projects(client, query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        """One project has several slugs, but one webhook: the slug that CircleCI says is taken."""
        super().check(config, client)
        slug = self.subject(config)
        named = line(api.project(client, slug).get("slug"))
        if named != slug:
            raise Never(f"CircleCI calls this project “{named}”. Type it so, or pick it.")

    def hooks_page(self, subject: str) -> str:
        host, _, rest = subject.partition("/")
        return f"{self.address('web')}/settings/project/{HOSTS.get(host, host)}/{rest}/webhooks"

    def delivery_key(self, hook: Hook) -> str:
        """https://circleci.com/docs/webhooks-reference: the id in the body is there for this."""
        try:
            said = line(record(hook.json).get("id"))
        except Unreadable:
            said = ""
        return said or super().delivery_key(hook)

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        run = Run.of(hook.json, deploys=str(link.config.get("deploys") or DEPLOYS))
        if run.kind == "ping":
            yield PING
        elif run.kind not in ("workflow-completed", "job-completed"):
            yield Ignored(Reason.UNSUPPORTED, f"CircleCI’s “{run.kind}” never makes an entry.")
        else:
            yield from run.events(failures=bool(link.config.get("failures")))


integration = CircleCI()
