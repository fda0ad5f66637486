"""The picture of an integration, drawn anew from the shapes in its folder's ``icon.svg``: what a
picture may contain besides, such as scripts, never reaches a page."""

from __future__ import annotations

from functools import cache
from xml.etree import ElementTree

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from idonethis.integrations import registry
from idonethis.integrations.base import Integration

SHAPES = frozenset(
    ("g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon")
)  # fmt: skip
ATTRIBUTES = frozenset(
    (
        "viewBox", "d", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "x2", "y1", "y2", "width",
        "height", "points", "transform", "fill", "fill-rule", "clip-rule", "stroke",
        "stroke-width", "stroke-linecap", "stroke-linejoin", "opacity",
    )
)  # fmt: skip


@cache
def icon(integration: Integration) -> SafeString | str:
    """Inline SVG; empty where the folder has no picture."""
    path = registry.folder(integration) / "icon.svg"
    if not path.exists():
        return ""
    # It is part of an installed package, like the code beside it.
    root = ElementTree.fromstring(path.read_text())  # noqa: S314
    return format_html('<svg aria-hidden="true"{}>{}</svg>', _attributes(root), _shapes(root))


def _shapes(parent: ElementTree.Element) -> SafeString:
    drawn = (
        (name, _attributes(shape), _shapes(shape))
        for shape in parent
        if (name := _local(shape.tag)) in SHAPES
    )
    return format_html_join("", "<{0}{1}>{2}</{0}>", drawn)


def _attributes(shape: ElementTree.Element) -> SafeString:
    kept = ((name, value) for name, value in shape.attrib.items() if name in ATTRIBUTES)
    return format_html_join("", ' {}="{}"', kept)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
