"""Everything there is at this pretend Slack, in one value to hand around."""

from __future__ import annotations

from dataclasses import dataclass

from ..clients import Client
from ..later import Later
from .events import Events
from .installation import Installation
from .messages import Messages
from .requests import Requests
from .responses import Responses
from .triggers import Triggers
from .workspace import Workspace


@dataclass(frozen=True)
class World:
    client: Client
    workspace: Workspace
    messages: Messages
    requests: Requests
    events: Events
    installation: Installation
    responses: Responses
    triggers: Triggers
    later: Later
