"""The part of the Web API that is called: https://docs.slack.dev/reference/methods"""

from __future__ import annotations
