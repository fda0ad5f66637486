"""Jenkins: deployments that succeed become dones, and failures, if wanted, blockers.

https://plugins.jenkins.io/notification/"""

from __future__ import annotations

from collections.abc import Iterator

from django import forms

from idonethis.integrations.base import (
    AnyOf,
    Asks,
    Event,
    Hook,
    InAddress,
    Link,
    LinkForm,
    Receives,
    SharedToken,
    line,
    record,
)
from idonethis.partners.jenkins.reading import DEPLOYS, Build


class JenkinsForm(LinkForm):
    deploys = forms.CharField(
        label="Names of the jobs that deploy",
        initial=DEPLOYS,
        required=False,
        max_length=400,
        help_text="With commas between them; * stands for anything. What they do is logged as that "
        f"of who makes this link. Left empty: {DEPLOYS}.",
    )
    failures = forms.BooleanField(
        label="Log failures of these jobs, and of main and master, as blockers",
        required=False,
        initial=False,
    )


class Jenkins(Receives):
    name = "Jenkins"
    category = "Code"
    tagline = "Builds of the jobs that deploy become dones; failed builds blockers, if you like."
    link_form = JenkinsForm
    asks = Asks()
    # https://plugins.jenkins.io/notification/: the plugin signs nothing and adds no headers; a
    # script of one's own can.
    signature = AnyOf((InAddress(), SharedToken("Authorization", prefix="Bearer ")))

    def summary(self, link: Link) -> str:
        more = " and failed builds" if link.config.get("failures") else ""
        return f"Logs deployments{more}"

    def event(self, hook: Hook) -> str:
        phase = line(record(record(hook.json).get("build")).get("phase")).lower()
        return f"build.{phase}"[:80] if phase else ""

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        build = Build.of(hook.json, deploys=str(link.config.get("deploys") or DEPLOYS))
        yield build.event(failures=bool(link.config.get("failures")))


integration = Jenkins()
