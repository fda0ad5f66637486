"""Boards on which a card is done once it lies in a list of some name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from idonethis.integrations.base import LinkForm

DONE = "Done"


class BoardForm(LinkForm):
    lists = forms.CharField(
        label="Lists that mean done",
        required=False,
        initial=DONE,
        max_length=200,
        help_text="By their names, with commas between them. Capitals, and signs around a name, do "
        "not matter.",
    )


def done_lists(config: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(filter(None, map(plain, str(config.get("lists") or DONE).split(","))))


def plain(name: str) -> str:
    """Of “✅ Done!”, the “done”."""
    inner = [place for place, sign in enumerate(name) if sign.isalnum()]
    return name[inner[0] : inner[-1] + 1].casefold() if inner else ""
