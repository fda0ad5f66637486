"""What the content security policy and plain care forbid, looked for in every template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

from idonethis.ui.templatetags.ui import _CHIP_ICONS, _KINDS

PACKAGE = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path
    for path in PACKAGE.rglob("templates/**/*.html")
    if "simulators" not in path.parts
    and "email" not in path.parts
    # What people take away is a file that stands alone, and no page of the site.
    and path.name != "export.html"
)
FORBIDDEN = {
    "code in an hx-on attribute": r"\bhx-on\b",
    "an inline style": r"<style\b|\sstyle\s*=",
    "an inline script": r"<script\b(?![^>]*\bsrc=)",
    "an event handler": r"<[^>]*\son[a-z]+\s*=",
    "computed values": r"['\"]\s*js:|javascript:",
    "a trigger filter": r"hx-trigger=[\"'][^\"']*\[",
    "unescaped text": r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off",
    "a picture without words": r"<img\b(?![^>]*\salt=)",
    "something from elsewhere": r"<(?:script|link|img|iframe)\b[^>]*=[\"'](?:https?:)?//",
    "a hand-written static path": r"(?:src|href)=[\"']/static/",
}
BAD = {
    "code in an hx-on attribute": '<a hx-on:click="go()">',
    "an inline style": '<p style="color: red">',
    "an inline script": "<script>go()</script>",
    "an event handler": '<a onclick="go()">',
    "computed values": "<a hx-vals='js:{a: 1}'>",
    "a trigger filter": '<a hx-trigger="click[ctrlKey]">',
    "unescaped text": "{{ body|safe }}",
    "a picture without words": '<img src="x">',
    "something from elsewhere": '<script src="https://cdn.example.org/x.js">',
    "a hand-written static path": '<link href="/static/app.css">',
}

#: A mail cannot fetch its styles, so it carries them: a constant of ours. So do pages that people
#: take away.
CARRIES = {
    "mailing/templates/mailing/letter.html": ["an inline style", "unescaped text"],
    "porting/templates/porting/book/style.html": ["an inline style"],
}


def faults(source):
    return [fault for fault, pattern in FORBIDDEN.items() if re.search(pattern, source, re.I)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_keeps_to_the_policy(path):
    assert faults(path.read_text()) == CARRIES.get(str(path.relative_to(PACKAGE)), [])


@pytest.mark.parametrize(("fault", "source"), BAD.items())
def test_each_fault_would_be_found(fault, source):
    assert fault in faults(source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_compiles(path):
    assert engines["django"].from_string(path.read_text())


def test_no_code_declares_text_safe():
    code = [path for path in PACKAGE.rglob("*.py") if "tests" not in path.parts]
    trusting = [path for path in code if re.search(r"mark_safe|SafeString\(", path.read_text())]
    assert trusting == []


def test_every_icon_that_is_used_is_in_the_sprite():
    used = {"circle", *_CHIP_ICONS.values(), *(symbol for symbol, _ in _KINDS.values())}
    for path in TEMPLATES:
        found = re.findall(r"""(?:{% icon|symbol=)\s*["']([\w-]+)["']""", path.read_text())
        used.update(found)
    sprite = (PACKAGE / "static" / "icons.svg").read_text()
    assert used - set(re.findall(r'<symbol id="([\w-]+)"', sprite)) == set()
