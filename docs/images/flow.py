"""Draws the picture of the flow, light and dark: ``python docs/images/flow.py``."""

from __future__ import annotations

from pathlib import Path

THEMES = {
    "light": {"paper": "#f3f6f2", "sheet": "#ffffff", "edge": "#76847b", "ink": "#14211b",
              "soft": "#47564e", "rule": "#e9b9ac", "hi": "#f4c95d", "go": "#14483b"},
    "dark": {"paper": "#0f1613", "sheet": "#161f1b", "edge": "#6f8178", "ink": "#e7eee9",
             "soft": "#aebdb5", "rule": "#5a3329", "hi": "#f4c95d", "go": "#a6dcc8"},
}  # fmt: skip
LANES = [
    ("Establishing an IntegrationUser",
     ["Add to I Done This", "oauth_start: state, PKCE", "consent at the partner",
      "oauth_callback", "IntegrationUser"]),
    ("Creating an IntegrationLink",
     ["new_link: the form", "create_link", "webhook at the partner", "IntegrationLink",
      "team's settings"]),
    ("Incoming",
     ["partner's hook", "verify, fail closed", "Receipt, group commit", "hook() yields Drafts",
      "people, rules, keys", "Entry"]),
    ("Outgoing",
     ["Entry logged or changed", "Delivery, same transaction", "claim", "deliver, update, retract",
      "the one door out", "partner"]),
]  # fmt: skip
WIDTH, BOX, GAP, HIGH, LANE = 1200, 168, 22, 56, 128


def drawn(theme: dict[str, str]) -> str:
    parts = [lane(number, title, steps, theme) for number, (title, steps) in enumerate(LANES)]
    height = LANE * len(LANES) + 24
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="From consent to entry and out again, in four lanes" '
        f'font-family="system-ui, sans-serif">'
        f'<rect width="{WIDTH}" height="{height}" rx="14" fill="{theme["paper"]}"/>'
        f'<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0l8 4-8 4z" fill="{theme["go"]}"/></marker>'
        f"</defs>{''.join(parts)}</svg>\n"
    )


def lane(number: int, title: str, steps: list[str], theme: dict[str, str]) -> str:
    top = 24 + number * LANE
    heading = (
        f'<text x="28" y="{top + 14}" font-size="17" font-weight="650" fill="{theme["ink"]}">'
        f"{title}</text>"
    )
    boxes = [box(28 + n * (BOX + GAP), top + 30, step, theme) for n, step in enumerate(steps)]
    arrows = [arrow(28 + n * (BOX + GAP) + BOX, top + 30, theme) for n in range(len(steps) - 1)]
    return heading + "".join(boxes) + "".join(arrows)


def box(x: int, y: int, words: str, theme: dict[str, str]) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{BOX}" height="{HIGH}" rx="8" fill="{theme["sheet"]}" '
        f'stroke="{theme["edge"]}"/><path d="M{x + 12} {y + 1}v{HIGH - 2}" '
        f'stroke="{theme["rule"]}" stroke-width="2"/>{lines(x + 22, y, words, theme)}'
    )


def lines(x: int, y: int, words: str, theme: dict[str, str]) -> str:
    rows = wrapped(words)
    first = y + HIGH / 2 + 5 - (len(rows) - 1) * 9
    return "".join(
        f'<text x="{x}" y="{first + 18 * n:.0f}" font-size="14" fill="{theme["soft"]}">{row}</text>'
        for n, row in enumerate(rows)
    )


def wrapped(words: str) -> list[str]:
    rows = [""]
    for word in words.split():
        if len(rows[-1]) + len(word) > 18:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return rows


def arrow(x: int, y: int, theme: dict[str, str]) -> str:
    middle = y + HIGH / 2
    return (
        f'<path d="M{x + 3} {middle}h{GAP - 6}" stroke="{theme["go"]}" stroke-width="1.5" '
        f'marker-end="url(#tip)"/>'
    )


if __name__ == "__main__":
    for name, theme in THEMES.items():
        Path(__file__).with_name(f"flow-{name}.svg").write_text(drawn(theme))
