"""What a command on a page does, when somebody pastes it into a shell."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Mapping

import httpx

from idonethis.simulators.visitor import PLAIN


def shown(page: str, part: str) -> str:
    """The text of the code block on this page whose id begins so."""
    found = re.search(rf'<pre class="payload" id="{part}[^"]*"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found, part
    return html.unescape(found[1])


def words(command: str, variables: Mapping[str, str]) -> list[str]:
    """What a shell makes of the arguments of a curl."""
    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{command}"
    done = subprocess.run(
        ["/bin/sh", "-c", script], env=dict(variables), capture_output=True, check=True
    )
    return done.stdout.decode().split("\0")[:-1]


def paste(command: str, **variables: str) -> httpx.Response:
    """Does what curl would do."""
    method, url, *rest = words(command, variables)[2:]
    given = list(zip(rest[::2], rest[1::2], strict=True))
    headers = dict(value.split(": ", 1) for name, value in given if name == "-H")
    body = dict(given).get("--data-raw", "")
    return httpx.request(method, url, headers=headers, content=body.encode(), verify=PLAIN)
