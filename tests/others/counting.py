"""What became of the bodies of others, as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from idonethis.integrations.previewing import Fate
from idonethis.integrations.values import Reason

PAGE = Path(__file__).parents[2] / "docs" / "what-others-sent.md"
INTRODUCTION = """\
# What others sent

Bodies that these services sent to others, or that they publish, each signed as its sender signs
and sent through a running server, with the rules that a new link begins with. None was answered
with an error of the server's, each ended in one outcome with a reason, and the command `preview`
said the same beforehand. `tests/others` writes this page where the bodies are, and holds it to
what it counts.

- Joined: it changes or takes back an entry, if there is one.
- Ignored: a rule leaves it out; which one stands in the activity of the link.
- Unsupported: a kind of event that never makes an entry, named in the activity of the link.
- Refused: not what this service sends.

"""
SAID = {
    Reason.UNSUPPORTED: "unsupported",
    Reason.UPDATED: "joined",
    Reason.RETRACTED: "joined",
}
COLUMNS = ("bodies", "done", "goal", "blocked", "joined", "ignored", "unsupported", "refused")


def page(counts: Mapping[str, Counter[str]]) -> str:
    """``counts``: by the integration's name, what how many bodies became."""
    head = f"| Service | {' | '.join(COLUMNS)} |\n|---|{'---:|' * len(COLUMNS)}\n"
    rows = [row(name, counted) for name, counted in sorted(counts.items())]
    total = row("**Together**", sum(counts.values(), Counter()))
    return INTRODUCTION + head + "".join([*rows, total])


def row(name: str, counted: Counter[str]) -> str:
    numbers = [sum(counted.values()), *(counted[column] for column in COLUMNS[1:])]
    return f"| {name} | {' | '.join(map(str, numbers))} |\n"


def column(fate: Fate) -> str:
    """Where a body stands, by what is previewed of it."""
    if fate.drafts:
        return fate.drafts[0].kind
    if fate.outcome in ("refused", "error"):
        return "refused"
    return SAID.get(fate.reason, "ignored")
