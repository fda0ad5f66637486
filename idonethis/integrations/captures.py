"""What has come in by a link, read anew: with its settings as they are, or as they might be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from idonethis.integrations.base import LinkForm, Receives
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.previewing import Preview
from idonethis.integrations.values import Hook

#: How many of the last receipts are read anew.
SHOWN = 30


def preview_context(link: IntegrationLink) -> dict[str, Any]:
    """For the page of a link: its form, the last request as it came, and what its settings make
    of the last ones."""
    form: LinkForm = link.integration.link_form(initial=link.config)
    last = captured(link).first()
    return {
        "link": link,
        "form": form,
        "captured": readable(last.hook) if last else "",
        "previews": previews(link, link.config),
    }


def captured(link: IntegrationLink) -> QuerySet[Receipt]:
    return Receipt.objects.filter(state="done", read_for=link.pk).order_by("-pk")


def previews(link: IntegrationLink, config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each receipt with what it would become; the newest first."""
    integration = link.integration
    if not isinstance(integration, Receives):
        return []
    plain = PlainLink(link.hash_id, link.subject, dict(config), link.team)
    receipts = list(captured(link)[:SHOWN])
    return [
        {"receipt": receipt, **Preview(integration, receipt.hook, plain).facts()}
        for receipt in receipts
    ]


def readable(hook: Hook) -> str:
    """The body for people: indented, where it is JSON."""
    try:
        return json.dumps(hook.json, indent=2, ensure_ascii=False)
    except ValueError:
        return hook.body.decode(errors="replace")
