"""How somebody connects an account at a pretend partner, and what stands there then."""

from __future__ import annotations

from idonethis.simulators import visitor

TEAM = "analytical-engines"


def leave(kind, window) -> str:
    """The page of the partner that asks whether to let us in."""
    return window.post(f"/auth/{kind}", {"team": TEAM})["Location"]


def consent(kind, window, who="ada", **more):
    return window.get(f"/auth/{kind}/callback", visitor.consent(leave(kind, window), who, **more))


def typed(kind, window, token):
    """Types it on the page, as a person does."""
    return window.post(f"/auth/{kind}/typed", {"team": TEAM, "token": token})


def token(partner, who="ada"):
    return visitor.act(partner, "let_in", account=who)["access_token"]


def hooks(partner):
    return list(visitor.read(partner, "hooks").values())
