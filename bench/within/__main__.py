"""A process with Django in it and databases of its own, which calls what it is told: a line of JSON
in, a line of JSON out."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "idonethis.settings")
django.setup()

from idonethis.checkpoints import checkpoint  # noqa: E402


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        module, name, arguments = json.loads(line)
        told = getattr(import_module(f"bench.within.{module}"), name)(**arguments)
        print(json.dumps(told), file=answers, flush=True)
        checkpoint()  # no connection does it by itself


if __name__ == "__main__":
    main()
