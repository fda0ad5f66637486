"""What can be done about how something ended, where, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from idonethis.integrations import registry
from idonethis.integrations.fixes import Fix
from idonethis.integrations.lines import Came, Line, Went
from idonethis.integrations.models import IntegrationLink, UnclaimedPerson
from idonethis.integrations.models.link_states import State


@dataclass(frozen=True)
class Remedy:
    """A button; without a path only advice, for who may not press it."""

    fix: Fix
    label: str
    advice: str
    path: str = ""
    #: What is sent along with it.
    fields: Mapping[str, object] = field(default_factory=dict)
    #: Where the same button stands, too.
    page: str = ""

    @property
    def posts(self) -> bool:
        """Whether pressing it does something at once."""
        return self.fix in DEEDS or bool(self.page)

    def leads(self, question: str) -> str:
        """Where the button leads: who says who somebody is, comes back to what was asked."""
        if self.fix is not Fix.MATCH or not question:
            return self.path
        path, _, person = self.path.partition("#")
        return f"{path}?{urlencode({'q': question})}#{person}"

    def facts(self) -> dict[str, Any]:
        """A journey begins on a page alone, so there its address is that of the page."""
        path = self.page or self.path
        url = settings.BASE_URL + path if path else None
        return {"fix": self.fix.code, "label": self.label, "advice": self.advice, "url": url}


#: What is done by pressing the button alone; all else is done on the page that it leads to.
DEEDS = (Fix.RESUME, Fix.REPLAY, Fix.TRY_NOW)
#: What begins a journey to the partner, where that is how somebody lets us in.
JOURNEYS = (Fix.RECONNECT, Fix.GRANT)
#: Of a link in trouble.
WAYS_OUT = {State.NEEDS_RECONNECT: Fix.RECONNECT, State.NEEDS_PERMISSION: Fix.GRANT}
#: What everybody in the team may do; the rest is for who manages the link.
FREE = (Fix.MATCH, Fix.ADD_MEMBER, Fix.SEE_ENTRY)


def remedy(line: Line, *, manages: bool) -> Remedy | None:
    """For somebody who may or may not manage the link of this line."""
    fix = _fix(line)
    who = _who(line) if fix is Fix.MATCH else None
    if fix is None or (fix is Fix.MATCH and who is None):
        return None
    link, label = line.link, f"Say who {who} is" if who else fix.label
    advice = fix.advice_on(link.integration.name)
    if manages or fix in FREE:
        path, fields = _path(fix, line, who), _fields(fix, line)
        page = link.get_absolute_url() if "link" in fields else ""
        return Remedy(fix, label, advice, path, fields, page)
    return Remedy(fix, label, f"{advice} Ask {link.user or 'an admin of the team'}.")


def _fix(line: Line) -> Fix | None:
    """As things are by now: a link that runs again has not to be resumed, and of one that is gone
    nothing can be put right."""
    fix, link = line.ending.fix, line.link
    if link.is_gone:
        return fix if fix is Fix.SEE_ENTRY else None
    if fix is Fix.ADD_MEMBER and link.team.is_personal:
        return None
    if fix is Fix.RESUME and not link.is_paused:
        return Fix.REPLAY
    if fix is Fix.RECONNECT and not link.is_in_trouble:
        return None if isinstance(line, Came) else Fix.TRY_NOW
    return WAYS_OUT.get(State(link.state), Fix.PUT_RIGHT) if fix is Fix.RECONNECT else fix


def _who(line: Line) -> UnclaimedPerson | None:
    """Whom the team would have to say who it is; nobody, where the partner named nobody."""
    if not isinstance(line, Came):
        return None
    unclaimed = line.link.team.unclaimed.filter(integration_type=line.link.integration_type)
    found: UnclaimedPerson | None = unclaimed.filter(key=line.receipt.actor_key).first()
    return found


def _path(fix: Fix, line: Line, who: UnclaimedPerson | None) -> str:
    if who:
        return reverse("unclaimed", args=[line.link.team.slug]) + f"#person-{who.pk}"
    if fix is Fix.SEE_ENTRY:
        return line.entry.get_absolute_url() if line.entry else ""
    if isinstance(line, Went) and fix is Fix.TRY_NOW:
        return reverse("retry_delivery", args=[line.delivery.pk])
    return link_path(fix, line.link)


def _fields(fix: Fix, line: Line) -> Mapping[str, object]:
    if isinstance(line, Came) and fix is Fix.REPLAY:
        return {"receipt": line.receipt.pk}
    if fix in JOURNEYS and line.link.integration.connects:
        return {"link": line.link.hash_id}
    return {"replay": "yes"} if fix is Fix.RESUME else {}


def remedy_of_refused(fix: Fix, link: IntegrationLink) -> Remedy:
    """For who manages the link. Nothing of what was refused is stored, so it is put right for what
    comes next."""
    return Remedy(fix, fix.label, fix.advice_on(link.integration.name), link_path(fix, link))


def link_path(fix: Fix, link: IntegrationLink) -> str:
    """Where something is put right that has to do with a link as a whole."""
    slug, kind = link.team.slug, link.integration_type
    journey = reverse("oauth_start", args=[kind]) if link.integration.connects else ""
    paths = {
        **{fix: journey or link.get_absolute_url() for fix in JOURNEYS},
        Fix.CHECK_SECRET: f"{link.get_absolute_url()}#secret",
        Fix.ADD_MEMBER: reverse("team_members", args=[slug]),
        Fix.RESUME: reverse("resume_link", args=[link.hash_id]),
        Fix.REPLAY: reverse("replay_link", args=[link.hash_id]),
        Fix.EDIT_RULES: reverse("edit_link", args=[link.hash_id]),
        Fix.LINK_IT: reverse("new_link", args=[kind]) if registry.get(kind) else "",
        Fix.REMOVE_THERE: reverse("team_integrations", args=[slug]),
    }
    return paths.get(fix, link.get_absolute_url())
