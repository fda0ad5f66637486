"""The set-up page of an integration: a small subset of Markdown, as escaped HTML."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from idonethis.integrations import registry
from idonethis.integrations.base import Integration

TAGS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "strong": "strong",
    "em": "em",
    "blockquote": "blockquote",
}


@cache
def setup_text(integration: Integration) -> SafeString | str:
    """What stands in the folder's ``setup.md`` below its title, since pages have titles of their
    own; empty where there is none."""
    path = registry.folder(integration) / "setup.md"
    if not path.exists():
        return ""
    _, _, text = path.read_text().partition("\n")
    return as_html(text)


def as_html(text: str) -> SafeString:
    """Headings, paragraphs, lists, code, emphasis and web links; everything else is text."""
    tokens = MarkdownIt("commonmark", {"html": False}).parse(text)
    return _join(SyntaxTreeNode(tokens).children)


def _join(nodes: Iterable[SyntaxTreeNode]) -> SafeString:
    return format_html_join("", "{}", ((_html(node),) for node in nodes))


def _html(node: SyntaxTreeNode) -> str:
    if node.type == "heading":
        return _wrap(f"h{min(int(node.tag[1]), 3)}", node)
    if node.type in ("fence", "code_block"):
        return format_html('<pre class="payload" tabindex="0"><code>{}</code></pre>', node.content)
    if node.type == "code_inline":
        return format_html("<code>{}</code>", node.content)
    if node.type == "link":
        return _link(node)
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type in TAGS and not node.hidden:
        return _wrap(TAGS[node.type], node)
    return _join(node.children) if node.children else node.content


def _wrap(tag: str, node: SyntaxTreeNode) -> SafeString:
    return format_html("<{0}>{1}</{0}>", tag, _join(node.children))


def _link(node: SyntaxTreeNode) -> SafeString:
    href = str(node.attrs.get("href", ""))
    if not href.startswith(("https://", "http://")):
        return _join(node.children)
    return format_html('<a href="{}" rel="noopener">{}</a>', href, _join(node.children))
