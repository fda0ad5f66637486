"""Every promise of docs/faults.md, held against its fault, in the short form of ``bin/faults``. It
wants the machine for itself, for minutes: ``bin/test tests/faults/test_faults.py -m faults``."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from faults.all import FAULTS

pytestmark = pytest.mark.faults

#: Three times what all of them may take on one database, in seconds.
PATIENCE = 540


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def verdicts(request):
    """What each of the chosen faults came to on one database, by its number."""
    tests = [item for item in request.session.items if item.originalname == "test_it_holds"]
    chosen = sorted({item.callspec.params["number"] for item in tests})
    command = [sys.executable, "-m", "faults", "--short", "--json", "--only", ",".join(chosen)]
    env = {name: value for name, value in os.environ.items() if name != "IDONETHIS_DATA"}
    done = subprocess.run(
        [*command, "--database", request.param],
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.stdout, done.stderr
    return {verdict["fault"]: verdict for verdict in json.loads(done.stdout)["verdicts"]}


@pytest.mark.parametrize("number", FAULTS)
def test_it_holds(verdicts, number):
    verdict = verdicts[number]
    if verdict["skipped"]:
        pytest.skip(verdict["skipped"])
    assert verdict["holds"], json.dumps(verdict, indent=1)
