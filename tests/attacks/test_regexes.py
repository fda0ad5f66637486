"""No pattern of ours can be made to take long: each is tried, in the way in which the code uses it,
on texts that make a bad one walk for ever."""

from __future__ import annotations

import ast
import re
import time
from pathlib import Path
from typing import NamedTuple

import pytest

import idonethis

PACKAGE = Path(idonethis.__file__).parent
LONG = 50_000
#: CPU time of this process, so that a busy machine decides nothing.
MOST_SECONDS = 0.05
METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub", "split")


class Pattern(NamedTuple):
    where: str
    regex: re.Pattern[str]
    methods: tuple[str, ...]


def patterns():
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" in path.parts or path.name.startswith("test_") or "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (found := pattern(node, tree, path)):
                yield found


def pattern(node, tree, path):
    """A call that has a pattern in it: one of ``re``, or a field's RegexValidator."""
    name = ast.unparse(node.func)
    module, _, method = name.rpartition(".")
    if module == "re" and method in (*METHODS, "compile", "template"):
        used = (method,) if method in METHODS else methods_of(node, tree)
    elif method == "RegexValidator":
        used = ("search",)
    else:
        return None
    text = node.args[0]
    if not isinstance(text, ast.Constant):
        return None
    flags = flags_of(node, position=1 if method in ("compile", "RegexValidator") else 99)
    return Pattern(
        f"{path.relative_to(PACKAGE)}:{node.lineno}", re.compile(text.value, flags), used
    )


def flags_of(node, position):
    given = [each for each in node.args[position:] if "re." in ast.unparse(each)]
    given += [each.value for each in node.keywords if each.arg == "flags"]
    flags = 0
    for each in given:
        for part in ast.unparse(each).split("|"):
            flags |= getattr(re, part.strip().removeprefix("re."))
    return flags


def methods_of(call, tree):
    """How a compiled pattern is used in its own module; anyhow, where that cannot be seen."""
    named = [
        ast.unparse(each.targets[0])
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign) and each.value is call
    ]
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in named
    }
    return tuple(method for method in METHODS if method in used) or ("match", "search")


FOUND = list(patterns())


def test_the_patterns_of_the_code_are_found():
    whole = sum(path.read_text().count("re.compile(") for path in PACKAGE.rglob("*.py"))
    assert len(FOUND) > 15
    assert sum(1 for each in FOUND if each.methods) >= whole - 3


#: What the patterns look for, again and again, and then not quite.
SEEDS = [
    "a", "A", "0", " ", "\t", "\n", "-", "_", ".", "/", "\\", "@", "#", "!", "*", "<", ">", "&",
    "|", ":", "(", ")", "[", "]", "+", "%", "é", "ß", "İ", "中", "🙂", "\u200d", "\u0301", "\ufeff",
    "a.", "a-", ".a", "a@", "@a", "a@a", "a@a.", "a@a.a", "#a", "##", "#-", "[ ]", "[x]", "<@U",
    "<#C|", "<!a|", "<https://", "<https://a|", "https://", "http://a.", "http://a/(", "mailto:a@",
    "(#1", " (#1)", "a (#", "a/a", "a/.", ".git", "1+", "1+a", "1+a@", "[bot]", "{count}", "{s}",
    "2026-", "20261124", "1.", "a b", "aA", "a\n", "\r\n", "& ", "&#", "&amp;",
]  # fmt: skip
ENDS = ("", "\0", "!", "é")
TEXTS = [seed * (LONG // len(seed)) + end for seed in SEEDS for end in ENDS]


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.where)
def test_no_text_takes_it_long(found):
    for method in found.methods:
        for text in TEXTS:
            taken = seconds(found.regex, method, text)
            assert taken < MOST_SECONDS, (method, text[:12], text[-3:])


def seconds(regex, method, text):
    """Of a few tries the quickest: other work of this machine is no fault of the pattern."""
    text = text.encode() if isinstance(regex.pattern, bytes) else text
    taken = _seconds(regex, method, text)
    return taken if taken < MOST_SECONDS else min(_seconds(regex, method, text) for _ in range(3))


def _seconds(regex, method, text):
    began = time.process_time()
    if method == "sub":
        regex.sub(text[:0], text)
    elif method == "finditer":
        list(regex.finditer(text))
    else:
        getattr(regex, method)(text)
    return time.process_time() - began


@pytest.mark.parametrize("bad", [r"(a+)+$", r"(a|a)*b", r"(a*)*c"])
def test_a_bad_pattern_would_be_found(bad):
    assert _seconds(re.compile(bad), "match", "a" * 22 + "!") > MOST_SECONDS
