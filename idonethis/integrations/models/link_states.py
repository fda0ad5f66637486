"""How a link may be, who may change that, and what people read about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.db import models, transaction

from idonethis.integrations.http import Gone, NeedsPermission, NeedsReconnect, Never


class State(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    NEEDS_RECONNECT = "needs_reconnect", "Reconnect"
    NEEDS_PERMISSION = "needs_permission", "Needs permission"
    REMOTE_MISSING = "remote_missing", "Webhook is missing"
    TARGET_GONE = "target_gone", "Target is gone"
    STORM_HELD = "storm_held", "Storm held"
    NEEDS_SECRET = "needs_secret", "Needs its new secret"
    REMOVING = "removing", "Removing"
    REMOVED = "removed", "Removed"


class By(StrEnum):
    """Who changes a state: somebody who manages the link, the partner by what it answers or sends,
    or this server by itself."""

    PERSON = "person"
    PARTNER = "partner"
    SERVER = "server"


TROUBLES = frozenset(
    (
        State.NEEDS_RECONNECT,
        State.NEEDS_PERMISSION,
        State.REMOTE_MISSING,
        State.TARGET_GONE,
        State.NEEDS_SECRET,
    )
)
#: Removed for everybody here, whatever still stands at the partner.
GONE = frozenset((State.REMOVING, State.REMOVED))
STANDING = frozenset(State) - GONE
#: What the partner's answers say; of a secret that is lost here it knows nothing.
ANSWERED = TROUBLES - {State.NEEDS_SECRET}
#: In which entries go out at once; in the others they wait. A storm holds only what comes in.
CARRYING = frozenset((State.ACTIVE, State.STORM_HELD))

#: By whom a state may be entered, and from which others. A pause is a person's wish: no answer of a
#: partner ends it. What is removed stays so.
MAY: Mapping[By, Mapping[State, frozenset[State]]] = {
    By.PERSON: {
        State.ACTIVE: STANDING,
        State.STORM_HELD: STANDING,
        State.PAUSED: STANDING,
        State.REMOVING: STANDING,
        State.REMOVED: STANDING | {State.REMOVING},
    },
    By.PARTNER: {
        **dict.fromkeys(CARRYING, ANSWERED),
        **dict.fromkeys(ANSWERED, ANSWERED | CARRYING),
        State.REMOVED: frozenset((State.REMOVING,)),
    },
    By.SERVER: {
        State.ACTIVE: TROUBLES,
        State.STORM_HELD: TROUBLES | {State.ACTIVE},
        State.NEEDS_RECONNECT: ANSWERED | CARRYING,
        State.NEEDS_SECRET: STANDING,
        State.REMOVING: STANDING,
        State.REMOVED: STANDING | {State.REMOVING},
    },
}

#: What it means, and what to do; {partner} is the partner's name.
WORDS: Mapping[State, str] = {
    State.ACTIVE: "Everything flows.",
    State.PAUSED: "Nothing becomes an entry and nothing is sent, until somebody resumes it.",
    State.NEEDS_RECONNECT: (
        "{partner} no longer lets us in. Connect {partner} again; what is to be sent waits."
    ),
    State.NEEDS_PERMISSION: (
        "A permission at {partner} is missing. Give it there, then say here that it is put right; "
        "what is to be sent waits."
    ),
    State.REMOTE_MISSING: (
        "The webhook at {partner} is gone, and we cannot make it again, so nothing comes in. Make "
        "room for it there, then say here that it is put right."
    ),
    State.TARGET_GONE: (
        "What this is linked to is no longer at {partner}. Choose another in the settings of the "
        "link, or remove the link; what is to be sent waits."
    ),
    State.STORM_HELD: (
        "Far more came in than usual, so it waits until somebody who manages the link says what "
        "becomes of it. What goes out goes on."
    ),
    State.NEEDS_SECRET: (
        "The secret that {partner} signs with is lost here, so what comes in is refused. Bring the "
        "new one to the sender, then say here that it is put right."
    ),
    State.REMOVING: "Removed here. {partner} has not confirmed yet that the webhook is gone.",
    State.REMOVED: "Removed, here and at {partner}.",
}

#: NEEDS_RECONNECT, where nobody is left to act at the partner, or to be whose nameless events are.
WITHOUT_ACCOUNT = (
    "Whose account this used is no longer in the team. What comes in goes on, what is to be sent "
    "waits. Somebody who may do this at {partner} must connect their account."
)
WITHOUT_KEEPER = (
    "Whoever looked after this link is no longer in the team. Events that name nobody wait. Take "
    "the link over, and they are logged as yours."
)

MEANS: dict[type[Never], State] = {
    NeedsReconnect: State.NEEDS_RECONNECT,
    NeedsPermission: State.NEEDS_PERMISSION,
    Gone: State.TARGET_GONE,
}


class Stateful(models.Model):
    """A link's state, and the one way to another."""

    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    trouble = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    incidents: Any

    class Meta:
        abstract = True

    @property
    def is_paused(self) -> bool:
        return self.state == State.PAUSED

    @property
    def is_in_storm(self) -> bool:
        """What comes in is held; what goes out goes out."""
        return self.state == State.STORM_HELD

    @property
    def is_in_trouble(self) -> bool:
        return self.state in TROUBLES

    @property
    def is_plain(self) -> bool:
        """It needs no explanation."""
        return self.state in (State.ACTIVE, State.PAUSED)

    @property
    def is_gone(self) -> bool:
        return self.state in GONE

    @property
    def carries(self) -> bool:
        return self.state in CARRYING

    @transaction.atomic
    def move(self, to: State, *, by: By, trouble: str = "") -> bool:
        """From here to another state, with all that people are told about it. False, and nothing
        changed, where ``by`` may not: looked up anew, since others may have moved it meanwhile."""
        rows = type(self)._base_manager.select_for_update()
        self.refresh_from_db(fields=["state", "trouble"], from_queryset=rows)
        if self.state not in MAY[by].get(to, ()):
            return False
        self.state, self.trouble = to, trouble[:300]
        self.save(update_fields=["state", "trouble", "updated_at"])
        self.incidents.follow(self)
        return True

    def troubled_by(self, problem: Never) -> None:
        """Something must be done by a person before this link can send again. A refusal of one
        entry alone says nothing about the link."""
        if state := MEANS.get(type(problem)):
            self.move(state, by=By.PARTNER, trouble=str(problem))
