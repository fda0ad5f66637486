#!/usr/bin/env python
from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "idonethis.settings")  # noqa: TID251
execute_from_command_line(sys.argv)
