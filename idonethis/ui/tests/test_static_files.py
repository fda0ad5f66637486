from __future__ import annotations

import base64
import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

PROJECT = Path(__file__).resolve().parents[3]
STATIC = PROJECT / "idonethis" / "static"
PACKAGES = tomllib.loads((PROJECT / "vendor.toml").read_text())["package"]
VENDORED = {file["file"]: file["sha384"] for package in PACKAGES for file in package["files"]}
KB = 1024


def digest(path):
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def weight(*patterns):
    files = [path for pattern in patterns for path in STATIC.glob(pattern)]
    assert files, patterns
    packed = [path.suffix == ".woff2" for path in files]
    bodies = [path.read_bytes() for path in files]
    return sum(
        len(body if done else gzip.compress(body, 9, mtime=0))
        for body, done in zip(bodies, packed, strict=True)
    )


@pytest.mark.parametrize(("file", "sha384"), VENDORED.items())
def test_a_vendored_file_is_the_one_that_was_fetched(file, sha384):
    assert digest(STATIC / file) == sha384


def test_every_foreign_file_is_listed():
    foreign = {*STATIC.glob("vendor/*.*"), *STATIC.glob("fonts/*"), STATIC / "icons.svg"}
    assert {str(path.relative_to(STATIC)) for path in foreign} == set(VENDORED)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_every_foreign_package_is_named_with_its_licence(package):
    name = re.sub(r"\W+", "-", package["name"]).strip("-")
    assert (STATIC / "vendor" / "LICENSES" / f"{name}.txt").stat().st_size > 200
    assert f"{package['name']} {package['version']}" in (PROJECT / "NOTICE").read_text()


@pytest.mark.parametrize(
    ("what", "patterns", "most"),
    [
        ("styles", ["css/*.css"], 12 * KB),
        ("our scripts", ["js/*.js"], 5 * KB),
        ("all scripts", ["js/*.js", "vendor/*.js"], 20 * KB),
        ("icons", ["icons.svg"], 6 * KB),
        (
            "a first page",
            ["css/*", "js/*", "vendor/*.js", "icons.svg", "fonts/*-latin.woff2"],
            120 * KB,
        ),
    ],
)
def test_pages_stay_light(what, patterns, most):
    assert weight(*patterns) <= most, what


def test_styles_and_scripts_ask_only_for_files_that_are_there():
    for css in STATIC.glob("css/*.css"):
        for name in re.findall(r'url\("([^":]+)"\)', css.read_text()):
            assert (css.parent / name).exists(), name
    for js in STATIC.glob("js/*.js"):
        for name in re.findall(r'(?:from|import) "([^"]+)"', js.read_text()):
            assert (js.parent / name).exists(), name


def test_colours_are_named_once():
    tokens = (STATIC / "css" / "tokens.css").read_text()
    named = set(re.findall(r"(--[\w-]+):", tokens))
    used = {
        name
        for css in STATIC.glob("css/*.css")
        for name in re.findall(r"var\((--[\w-]+)", css.read_text())
    }
    assert used - named == set()


def test_the_manifest_names_icons_that_are_there():
    for name in re.findall(r'"src": "([^"]+)"', (STATIC / "site.webmanifest").read_text()):
        assert find(name), name
