"""``bin/audit`` as ``bin/test`` runs it: by stand-ins for Python and for pip-audit."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: Answers as it is told, and makes an environment with the auditor in it.
PYTHON = """#!/bin/sh
case "$1" in
-c) {reachable} ;;
-m) mkdir -p "$3/bin" && cp "{auditor}" "$3/bin/pip-audit" && cp /bin/true "$3/bin/pip" ;;
esac
"""
#: ``report`` is written where the auditor is told to.
AUDITOR = """#!/bin/sh
while [ "$1" != --output ]; do shift; done
{report}
exit {status}
"""
FAULT = 'echo "Found 1 known vulnerability" >&2; echo "anvil 1.0 CVE-2015-1852" > "$2"'
SKIPPED = 'echo "No known vulnerabilities found" >&2; echo "anvil could not be audited" > "$2"'
CLEAN = 'echo "No known vulnerabilities found" >&2'
CRASH = 'echo "requests.exceptions.ConnectionError" >&2'


@pytest.fixture
def audit(tmp_path):
    def audit(*, reachable="true", report=CLEAN, status=0):
        shutil.copytree(ROOT / "bin", tmp_path / "bin")
        python, auditor = tmp_path / "python", tmp_path / "auditor"
        python.write_text(PYTHON.format(reachable=reachable, auditor=auditor))
        auditor.write_text(AUDITOR.format(report=report, status=status))
        for each in (python, auditor):
            each.chmod(0o755)
        with (tmp_path / "bin" / "lib" / "venv.sh").open("a") as file:
            file.write(f"find_python() {{ echo {python}; }}\n")
        command = ["sh", str(tmp_path / "bin" / "audit"), "--if-reachable"]
        done = subprocess.run(command, env=os.environ, capture_output=True, text=True)
        return done.returncode, done.stdout

    return audit


@pytest.mark.parametrize("reachable", ["false", "kill -ALRM $$"])
def test_where_nothing_can_be_asked_it_says_so_and_is_no_failure(audit, reachable):
    told = audit(reachable=reachable, report=FAULT, status=1)
    assert told == (0, "Known faults: their data are not reachable, skipped.\n")


def test_a_fault_that_is_known_is_a_failure(audit):
    status, said = audit(report=FAULT, status=1)
    assert status == 1
    assert said == "Found 1 known vulnerability\nanvil 1.0 CVE-2015-1852\n"


def test_whoever_stops_answering_is_no_failure(audit):
    told = audit(report=CRASH, status=1)
    assert told == (0, "Known faults: their data did not answer, skipped.\n")


def test_none_is_known(audit):
    assert audit() == (0, "No known vulnerabilities found\n")


def test_what_could_not_be_asked_about_is_named(audit):
    status, said = audit(report=SKIPPED)
    assert (status, said.splitlines()[1:]) == (0, ["anvil could not be audited"])


def test_every_run_of_all_tests_asks():
    assert "\nbin/audit --if-reachable\n" in (ROOT / "bin" / "test").read_text()
