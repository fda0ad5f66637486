"""The pretend partners there are."""

from __future__ import annotations

from .base import Simulator
from .github.app import GitHub
from .slack.app import Slack

SIMULATORS: dict[str, type[Simulator]] = {
    simulator.name: simulator for simulator in (GitHub, Slack)
}
