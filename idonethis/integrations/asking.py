from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from idonethis.integrations.base import Integration
from idonethis.integrations.http import Again, Failed

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


def ask(integration: Integration, question: Callable[[], Answer]) -> Answer:
    """What an integration finds out at its partner while a person waits. Raises Failed whatever
    goes wrong: an answer that the integration does not understand is no fault of the person's."""
    try:
        return question()
    except Failed:
        raise
    except Exception as problem:
        log.exception("%s was not understood", integration.name)
        sentence = f"{integration.name} answered something that we do not understand."
        raise Again(sentence) from problem
