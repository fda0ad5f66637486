from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from idonethis.integrations.base import LinkForm

#: What tasks are once they are done, in every account:
#: https://developers.hubspot.com/docs/api-reference/crm-tasks-v3/guide
COMPLETED = "COMPLETED"
#: The stages of the pipelines that every account begins with:
#: https://developers.hubspot.com/docs/api-reference/crm-pipelines-v3/guide
WON, CLOSED = "closedwon", "4"


def stages(label: str, usual: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=300,
        initial=usual,
        help_text="The internal ids of these stages, with commas between them. Left empty: none.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )


class HubSpotForm(LinkForm):
    won = stages("Deals count once they are in one of these stages", WON)
    closed = stages("Tickets count once they are in one of these stages", CLOSED)


def chosen(config: Mapping[str, Any], name: str) -> frozenset[str]:
    """The stages in a field of the form; those that are usual, where it was never filled or there
    is none."""
    usual = {"won": WON, "closed": CLOSED, "completed": COMPLETED}[name]
    given = str(config.get(name, usual)).split(",")
    return frozenset(each.strip() for each in given if each.strip())
