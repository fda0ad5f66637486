from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from idonethis.commands import idonethis


@pytest.fixture
def run():
    """One command in this process; gives what it printed, as JSON where it is."""

    def call(*words: str):
        done = CliRunner().invoke(idonethis, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else done.stdout

    return call


@pytest.fixture
def told():
    """The real command: exit code, standard output, lines on standard error."""

    def call(*words: str):
        command = [sys.executable, "-m", "idonethis", *words]
        done = subprocess.run(command, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr.splitlines()

    return call
