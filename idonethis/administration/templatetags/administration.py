from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from idonethis.doctor import Finding, Verdict
from idonethis.integrations.models import OutgoingHold
from idonethis.integrations.models.sweeping import waiting
from idonethis.ui.templatetags.ui import chip

register = template.Library()

WORDS = {
    Verdict.OK: ("Fine", "ok"),
    Verdict.WARN: ("Look", "wait"),
    Verdict.BAD: ("Broken", "bad"),
}


@register.simple_tag
def verdict(finding: Finding) -> SafeString:
    return chip(*WORDS[finding.verdict])


@register.inclusion_tag("administration/hold.html", takes_context=True)
def outgoing_hold(context: Context) -> dict[str, Any]:
    """A banner for who can lift it, on every page; nothing for everybody else."""
    user = context.get("user")
    hold = OutgoingHold.standing() if getattr(user, "is_staff", False) else None
    waits = waiting() if hold else None
    return {"hold": hold, "waits": waits, "csrf_token": context.get("csrf_token")}
