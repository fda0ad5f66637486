from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import pytest

from idonethis.integrations import registry

PACKAGE = Path(__file__).resolve().parent.parent / "idonethis"
#: What is about partners: they themselves, what pretends to be them, and the demo of some.
ABOUT_PARTNERS = {"partners", "simulators", "demo.py"}
ADDRESS = re.compile(r"https?://\S+")
#: A partner's type or name that is also a common word of the field.
WORDS = {"webhook", "incoming webhook", "make", "calendar", "feed", "git", "mail"}


def core_files(package):
    inside = [path for path in package.iterdir() if path.name not in ABOUT_PARTNERS]
    files = [file for path in inside for file in (path, *path.rglob("*"))]
    return [file for file in files if file.suffix in (".py", ".html") and "tests" not in file.parts]


def partners_named_in(package):
    names = {
        word.lower()
        for integration in registry.integrations().values()
        for word in (integration.integration_type, integration.name)
    } - WORDS
    named = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    return [
        f"{path.relative_to(package)}: {line.strip()}"
        for path in core_files(package)
        for line in path.read_text().splitlines()
        if named.search(ADDRESS.sub("", line))
    ]


def test_the_core_names_no_partner():
    assert partners_named_in(PACKAGE) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("integrations/base.py", 'if integration_type == "slack": pass\n'),
        ("templates/base.html", "<p>Connect GitHub</p>\n"),
        ("commands/doctor.py", "Slack\n"),
    ],
)
def test_a_partner_named_in_the_core_is_found(tmp_path, name, line):
    for path in core_files(PACKAGE):
        copy = tmp_path / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    with (tmp_path / name).open("a") as planted:
        planted.write(line)
    assert partners_named_in(tmp_path) == [f"{name}: {line.strip()}"]


def test_an_integration_is_small_since_the_core_does_the_rest():
    sizes = [
        len(each.read_text().splitlines()) for each in PACKAGE.glob("partners/*/integration.py")
    ]
    assert len(sizes) >= 40
    assert median(sizes) < 100
