"""Writes states-and-answers.md from what the code says: ``python docs/states_and_answers.py``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import django

from idonethis import env

env.set_default("DJANGO_SETTINGS_MODULE", "idonethis.settings")
django.setup()

from idonethis.integrations import registry  # noqa: E402
from idonethis.integrations.answers import (  # noqa: E402
    EVERYWHERE,
    Again,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Refusal,
    Unwanted,
)
from idonethis.integrations.base import Integration  # noqa: E402
from idonethis.integrations.models.link_states import (  # noqa: E402
    ANSWERED,
    MAY,
    STANDING,
    TROUBLES,
    WORDS,
    By,
    State,
)
from idonethis.integrations.paces import USUAL, Pace  # noqa: E402

PAGE = Path(__file__).with_name("states-and-answers.md")
MEANS = {
    Again: "try again later",
    NeedsReconnect: "connect it again",
    NeedsPermission: "a permission is missing",
    Gone: "what it was about is gone",
    Unwanted: "the link ends",
    Never: "this one call is refused",
}
INTRODUCTION = """\
# States of a link, and what partners' answers mean

This page is written by `docs/states_and_answers.py` from the tables that the server itself uses,
and a test holds it to them. [Connections and their health](health.md) tells the rest. Anvil stands
for any partner.

## How a link may be

Who moves a link: **you**, by a button; the **partner**, by what it answers or sends; or this
**server**, when somebody leaves, a team is deleted or very much comes in at once. What is not in
the table cannot happen: a pause is ended by a person alone, and what is removed stays removed.
“Trouble” is each of `needs_reconnect`, `needs_permission`, `remote_missing` and `target_gone`.
"""
ANSWERS = """\
## What answers mean

The first line that fits decides; a partner's own lines come before those for everywhere. “Try again
later” never costs a grant, and is tried for about three days, or when the partner says. After
“connect it again” nothing is tried with that grant; it is marked, and kept.
"""
PACES = """\
## How much partners take

As their documentation says. No more is sent, by all processes of this server together: what there
is beyond that waits for its turn, and the page of a link says for how long. A tenth is left for
people who wait at a page. What a partner says in its answers goes before all this: where it wants a
pause, or has just taken the last for a while, nothing is sent by anything that it counts together.

Teams take turns, then the links of a team; entries of one link go out in their order. Imports of
the past leave half of what a partner takes at once to what is new. To send as fast as it goes, to
partners of your own, set `PACED=off`.
"""


def page() -> str:
    parts = [INTRODUCTION, "\n".join(states()), ANSWERS, "### Everywhere\n", table(EVERYWHERE)]
    for integration in registry.every():
        if integration.answers.refusals:
            parts += [heading(integration), table(integration.answers.refusals)]
    return "\n".join([*parts, PACES, "\n".join(paces()), ""])


def states() -> Iterator[str]:
    yield "| State | What it means, and what to do | Who moves a link there |"
    yield "|---|---|---|"
    for state in State:
        words = WORDS[state].format(partner="Anvil")
        yield f"| **{state.label}** (`{state.value}`) | {words} | {movers(state)} |"
    yield ""


def movers(state: State) -> str:
    names = {By.PERSON: "you", By.PARTNER: "the partner", By.SERVER: "the server"}
    return ", ".join(
        f"{names[by]} (from {labels(MAY[by][state])})" for by in By if state in MAY[by]
    )


#: Found in this order.
GROUPS = {"trouble": TROUBLES, "trouble with the partner": ANSWERED}


def labels(found: frozenset[State]) -> str:
    if found >= STANDING:
        found, groups = found - STANDING, ["whatever stands"]
    else:
        groups = [word for word, states in GROUPS.items() if found >= states][:1]
        found = found - GROUPS[groups[0]] if groups else found
    return " or ".join([*groups, *(f"`{state.value}`" for state in State if state in found)])


def heading(integration: Integration) -> str:
    return f"### {integration.name}\n\nBy [its documentation]({integration.answers.source}).\n"


def table(refusals: Iterable[Refusal]) -> str:
    lines = ["| Answer | Means | What people read |", "|---|---|---|"]
    return "\n".join([*lines, *map(line, refusals), ""])


def line(refusal: Refusal) -> str:
    kind = next(kind for kind in refusal.means.__mro__ if kind in MEANS)
    later = f", in {refusal.after:g} s" if refusal.after else ""
    return f"| {answer(refusal)} | {MEANS[kind]}{later} | {refusal.sentence} |"


def answer(refusal: Refusal) -> str:
    said = [statuses(refusal.statuses), ", ".join(f"`{word}`" for word in refusal.says)]
    said.append(f"with `{refusal.header}`" if refusal.header else "")
    return " ".join(filter(None, said)) or "any other"


def statuses(found: Collection[int]) -> str:
    if isinstance(found, range):
        return f"{found.start} to {found.stop - 1}"
    return ", ".join(map(str, found))


def paces() -> Iterator[str]:
    yield "| Partner | Takes |"
    yield "|---|---|"
    for integration in registry.every():
        if integration.paces is not USUAL:
            yield f"| {integration.name} | {', '.join(map(counted, integration.paces))} |"
    yield f"| all others | {', '.join(map(counted, USUAL))} |"


def counted(pace: Pace) -> str:
    burst = f" and {pace.burst} at once" if pace.burst else ""
    return f"{pace}{burst} of each {pace.each.value}"


if __name__ == "__main__":
    PAGE.write_text(page())
