"""The set-up page of an integration: Markdown in its folder, cleaned HTML on ours."""

from __future__ import annotations

from functools import cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from idonethis.integrations import registry
from idonethis.integrations.base import Integration

TAGS = {"h2", "h3", "p", "ol", "ul", "li", "code", "pre", "strong", "em", "a"}


@cache
def as_html(integration: Integration) -> SafeString:
    """Empty where the folder has no ``setup.md``. Its title is left out: pages have their own."""
    path = registry.folder(integration) / "setup.md"
    if not path.exists():
        return SafeString("")
    _, _, text = path.read_text().partition("\n")
    # Cleaned by nh3 to a few harmless tags, so it may stand in a page as it is.
    return SafeString(nh3.clean(MarkdownIt().render(text), tags=TAGS))


@cache
def icon_of(integration: Integration) -> SafeString:
    """The SVG of the folder; empty where there is none."""
    path = registry.folder(integration) / "icon.svg"
    return SafeString(path.read_text() if path.exists() else "")
