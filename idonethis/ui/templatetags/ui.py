"""The few tags that every page uses. They escape what they are given, like templates do."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from idonethis.ui import linkify as links
from idonethis.ui import relative, toasts

register = template.Library()

_CHIP_ICONS = {"ok": "check", "bad": "triangle-alert", "wait": "clock", "goal": "circle"}
_KINDS = {
    "done": ("check", _("Done")),
    "goal": ("circle", _("Goal")),
    "blocked": ("triangle-alert", _("Blocker")),
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """``{% icon "check" %}``: one symbol of the sprite, in the colour and size of the text."""
    return format_html(
        '<svg class="icon" width="18" height="18" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag
def kind(name: str) -> SafeString:
    """``{% kind entry.kind %}``: the mark of a done, goal or blocked, with its word for all."""
    symbol, word = _KINDS[name]
    return format_html(
        '<span class="kind {}">{}<span class="vh">{}</span></span>', name, icon(symbol), word
    )


@register.simple_tag
def chip(word: str, tone: str = "", *, symbol: str = "") -> SafeString:
    """``{% chip "Logged" "ok" %}``: a state as icon, word and colour.

    ``tone`` is ok, bad, wait, goal or nothing."""
    shown = icon(symbol or _CHIP_ICONS.get(tone, "minus"))
    return format_html('<span class="chip {}">{}{}</span>', tone, shown, word)


@register.simple_tag
def lettermark(name: str, size: str = "") -> SafeString:
    """``{% lettermark "Anvil" %}``: the first letter on a tint, for what has no picture."""
    letter = next((sign for sign in name if sign.isalnum()), "?").upper()
    tint = f"t{sum(map(ord, name)) % 5}"
    return format_html(
        '<span class="lettermark {} {}" aria-hidden="true">{}</span>', tint, size, letter
    )


@register.simple_tag
def when(instant: datetime | None) -> SafeString | str:
    """``{% when delivery.created_at %}``: how long ago, exactly on hover."""
    if instant is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        instant.isoformat(timespec="seconds"),
        relative.exact(instant),
        relative.relative(instant),
    )


@register.simple_tag
def clock(instant: datetime | None) -> SafeString | str:
    """``{% clock entry.created_at %}``: hours and minutes, for the margin."""
    if instant is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        instant.isoformat(timespec="seconds"),
        relative.exact(instant),
        f"{timezone.localtime(instant):%H:%M}",
    )


@register.filter
def linkify(text: str, tag_base: str = "") -> SafeString:
    """``{{ entry.body|linkify:team.get_absolute_url }}``"""
    return links.linkify(str(text), tag_base)


@register.filter
def undo_path(message: Message) -> str:
    return toasts.undo_path(message)


@register.simple_tag(takes_context=True)
def current(context: Context, path: str) -> SafeString | str:
    """``<a href="{{ url }}"{% current url %}>``: marks the link to where the reader is."""
    here = context["request"].path if "request" in context else ""
    if path and here == path:
        return format_html(' aria-current="{}"', "page")
    if path.strip("/") and here.startswith(path.rstrip("/") + "/"):
        return format_html(' aria-current="{}"', "true")
    return ""


@register.simple_block_tag(takes_context=True)
def component(context: Context, content: str, name: str, /, **values: Any) -> SafeString:
    """``{% component "dialog" id="x" %}...{% endcomponent %}`` renders ``components/dialog.html``
    with what stands between the tags as ``content``."""
    found = context.template.engine.get_template(f"components/{name}.html")  # type: ignore[union-attr]
    passed = {key: context[key] for key in ("request", "csrf_token", "user") if key in context}
    inner = context.new({**passed, **values, "content": content})
    return found.render(inner)
