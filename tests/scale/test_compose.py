"""What ``compose.yaml`` starts: every part, told enough, behind a proxy that knows hooks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from idonethis.apart import PARTS

COMPOSED = yaml.safe_load((Path(__file__).parents[2] / "compose.yaml").read_text())
PROXY = COMPOSED["configs"]["proxy"]["content"]


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_started_and_told_what_it_must_know(part):
    service = COMPOSED["services"][part]
    assert service["command"] == [part]
    needed = {"DATABASE_URL", "BASE_URL", "SECRET_KEY", "ENCRYPTION_KEY"}
    assert needed <= service["environment"].keys()


@pytest.mark.parametrize(
    ("path", "is_hook"),
    [
        ("/integrations/github/hook", True),
        ("/integrations/github/hook/a-token", True),
        ("/integrations/github/link", False),
        ("/integrations/github/hooks", False),
        ("/t/engines/integrations/github/hook", False),
        ("/", False),
    ],
)
def test_hooks_go_to_who_takes_them_and_nothing_else_does(path, is_hook):
    pattern = re.search(r"~(\S+) ingest;", PROXY)[1].replace("$$", "$")
    assert bool(re.search(pattern, path)) == is_hook
