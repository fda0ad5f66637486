"""Bodies as GitHub writes them: https://docs.github.com/en/webhooks/webhook-events-and-payloads"""

from __future__ import annotations
