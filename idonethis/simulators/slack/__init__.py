"""Pretend Slack: one workspace with people, channels, messages and the application's bot.

Sources: https://docs.slack.dev/reference/methods, https://docs.slack.dev/apis/events-api,
https://docs.slack.dev/interactivity
"""

from __future__ import annotations
