"""The API as it describes itself, called with everything that the description allows and much that
it does not: nothing of it is a failure of ours, and every answer is one that is described."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from idonethis.accounts.models import ApiToken
from idonethis.accounts.tokens import Scope
from tests.attacks.effort import EFFORT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
#: What must hold of every answer. https://schemathesis.readthedocs.io/en/stable/reference/checks/
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)


#: By whichever door somebody comes, behind it is the same: at one of them a part is tried.
PARTS = {"token": "examples,coverage,fuzzing,stateful", "session": "fuzzing"}


@pytest.fixture
def shown(door, client, ada):
    """What somebody shows who may do everything."""
    if door == "session":
        client.force_login(ada)
        return f"Cookie: session={client.cookies['session'].value}"
    return f"Authorization: Token {ApiToken.objects.make(ada, name='All', scopes=Scope)[1]}"


@pytest.mark.parametrize("door", PARTS)
def test_no_call_is_a_failure(live_server, door, shown, team, tmp_path):
    """The server of the tests, unlike that of the product, takes what is left of a body that nobody
    has read for the next request, now and then: what it then breaks off is asked once more."""
    command = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [command, "run", f"{live_server.url}/api/v2/openapi.json", "--header", shown,
         "--checks", CHECKS, "--max-examples", str(6 * EFFORT), "--seed", "1815", "--no-color",
         "--request-retries", "2", "--phases", PARTS[door]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
