"""Several commands of ``idonethis`` in one process, since each takes a second to start: a line of
JSON in is one command, a line of JSON out is what it printed."""

from __future__ import annotations

import json
import os
import sys

import django
from click.testing import CliRunner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "idonethis.settings")
django.setup()

from idonethis.commands import idonethis  # noqa: E402

for line in sys.stdin:
    result = CliRunner().invoke(idonethis, json.loads(line))
    if result.exit_code:
        sys.exit(f"{line}{result.output}")
    print(json.dumps(result.output))
