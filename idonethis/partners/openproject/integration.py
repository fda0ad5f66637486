"""OpenProject: a closed work package becomes a done.

https://www.openproject.org/docs/system-admin-guide/api-and-webhooks/#webhooks"""

from __future__ import annotations

from collections.abc import Iterator

from django import forms

from idonethis.integrations.base import (
    Asks,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    LinkForm,
    Place,
    Reason,
    Receives,
    line,
    record,
)
from idonethis.partners.openproject.reading import WorkPackage


class OpenProjectForm(LinkForm):
    site = forms.URLField(
        label="Where your OpenProject is",
        required=False,
        initial="",
        max_length=200,
        assume_scheme="https",
        help_text="Such as https://projects.example.org. Its webhooks do not say so; left empty, "
        "entries have no link.",
    )


class OpenProject(Receives):
    name = "OpenProject"
    category = "Planning"
    tagline = "Closed work packages become dones of their assignees."
    link_form = OpenProjectForm
    asks = Asks(place=Place("project", "projects", usual="every project"))
    # https://github.com/opf/openproject/blob/dev/modules/webhooks/app/workers/represented_webhook_job.rb
    signature = Hmac("X-OP-Signature", prefix="sha1=", algorithm="sha1")

    def summary(self, link: Link) -> str:
        return "Logs closed work packages"

    def event(self, hook: Hook) -> str:
        return line(record(hook.json).get("action"))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        package = WorkPackage.of(hook.json, site=line(link.config.get("site")))
        if package.action in ("work_package:created", "work_package:updated"):
            yield from package.events()
        else:
            said = f"OpenProject’s “{package.action}” never makes an entry."
            yield Ignored(Reason.UNSUPPORTED, said)


integration = OpenProject()
