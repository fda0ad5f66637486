from __future__ import annotations

import logging

from idonethis.background import soon
from idonethis.integrations.base import Ended, FollowsUp, Note
from idonethis.integrations.http import Client, Failed
from idonethis.integrations.models.directory import directory_for
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.values import Hook

log = logging.getLogger(__name__)


def send_note(integration: FollowsUp, hook: Hook, ended: Ended, *, link_id: int) -> None:
    """Tells the person how it ended, where their integration has something to tell."""
    note = integration.note(hook, ended, directory_for(integration, hook, link_id))
    if note and integration.takes_note_at(note.url):
        soon(post_note, note)


def post_note(note: Note) -> None:
    if OutgoingHold.standing():
        return
    try:
        Client().post(note.url, json=note.content)
    except Failed as problem:
        log.info("A note was not taken: %s", problem)
