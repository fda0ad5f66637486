"""Draws figures as SVG, light and dark in one file, with a title and a description for who does not
see them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

#: As in the picture of the flow; the second of each is for dark.
STYLE = """\
text{font:14px system-ui,sans-serif;fill:#47564e}
.paper{fill:#f3f6f2}.heading{font-size:17px;font-weight:650;fill:#14211b}
.bar{fill:#14483b}.other{fill:#76847b}.rule{stroke:#c9d2cb}.goal{stroke:#b4472a;stroke-width:2}
.line{fill:none;stroke:#14483b;stroke-width:2.5}.line.other{stroke:#76847b}.dot{fill:#14483b}
.dot.other{fill:#76847b}.ideal{fill:none;stroke:#b4472a;stroke-width:1.5;stroke-dasharray:5 4}
@media (prefers-color-scheme: dark){text{fill:#aebdb5}.paper{fill:#0f1613}.heading{fill:#e7eee9}
.bar,.dot{fill:#a6dcc8}.other,.dot.other{fill:#6f8178}.rule{stroke:#33413a}
.goal{stroke:#f4926f}.line{stroke:#a6dcc8}.line.other{stroke:#6f8178}.ideal{stroke:#f4926f}}"""
WIDTH, LEFT, RIGHT, TOP, ROW = 900, 370, 110, 66, 30


@dataclass(frozen=True)
class Bar:
    """``goal``: what it should reach, or stay below; drawn as a stroke across."""

    name: str
    value: float
    is_ours: bool = True
    goal: float | None = None


def bars(title: str, unit: str, rows: Sequence[Bar]) -> str:
    """As long as they are large, each with its number."""
    most = max([1e-9, *(max(row.value, row.goal or 0) for row in rows)])
    drawn = [_bar(row, TOP + ROW * n, unit, most) for n, row in enumerate(rows)]
    told = "; ".join(f"{row.name}: {number(row.value)} {unit}" for row in rows)
    return _picture(title, f"{told}.", drawn, height=TOP + ROW * len(rows) + 16)


def _bar(row: Bar, top: int, unit: str, most: float) -> str:
    room = WIDTH - LEFT - RIGHT
    long = max(2.0, room * row.value / most)
    kind = "bar" if row.is_ours else "other"
    shown = (
        f'<text x="{LEFT - 12}" y="{top + 15}" text-anchor="end">{escape(row.name)}</text>'
        f'<rect class="{kind}" x="{LEFT}" y="{top}" width="{long:.1f}" height="20" rx="3"/>'
        f'<text x="{LEFT + max(long, _at(row.goal, most)) + 10:.1f}" y="{top + 15}">'
        f"{number(row.value)} {escape(unit)}</text>"
    )
    return shown + _goal(row.goal, top, most)


def _at(goal: float | None, most: float) -> float:
    return (WIDTH - LEFT - RIGHT) * (goal or 0) / most


def _goal(goal: float | None, top: int, most: float) -> str:
    if goal is None:
        return ""
    at = LEFT + _at(goal, most)
    return f'<path class="goal" d="M{at:.1f} {top - 4}v28"/>'


def lines(title: str, across: str, series: Mapping[str, Mapping[float, float]]) -> str:
    """Each line by its name, over powers of two, both axes in equal steps for equal ratios: what
    grows in proportion is straight, as the dashed line is."""
    points = [point for line in series.values() for point in line.items()]
    scale = Scale(max(x for x, _ in points), [y for _, y in points if y > 0])
    drawn = [*scale.grid(across)]
    for n, (name, line) in enumerate(series.items()):
        drawn += scale.line(name, line, "" if n == 0 else " other")
    told = "; ".join(f"{name}: {_spoken(line)}" for name, line in series.items())
    return _picture(title, f"{told}.", drawn, height=HIGH + 2 * TOP)


def _spoken(line: Mapping[float, float]) -> str:
    return ", ".join(f"{number(y)} at {number(x)}" for x, y in line.items())


HIGH, AXIS = 260, 90


class Scale:
    """Where a point of a plot lies."""

    def __init__(self, across: float, values: Iterable[float]) -> None:
        ordered = sorted(values)
        self._steps = max(1.0, math.log2(across))
        self._low = math.floor(math.log10(ordered[0]))
        self._high = max(self._low + 1, math.ceil(math.log10(ordered[-1])))

    def at(self, x: float, y: float) -> tuple[float, float]:
        room = WIDTH - AXIS - 2 * RIGHT
        share = (math.log10(y) - self._low) / (self._high - self._low)
        return AXIS + room * math.log2(x) / self._steps, TOP + HIGH * (1 - share)

    def grid(self, across: str) -> Iterator[str]:
        for power in range(self._low, self._high + 1):
            x, y = self.at(1, 10**power)
            yield f'<path class="rule" d="M{x} {y:.1f}H{WIDTH - 2 * RIGHT}"/>'
            yield f'<text x="{x - 8}" y="{y + 5:.1f}" text-anchor="end">{number(10**power)}</text>'
        for step in range(round(self._steps) + 1):
            x, y = self.at(2**step, 10**self._low)
            yield f'<text x="{x:.1f}" y="{y + 22:.1f}" text-anchor="middle">{2**step}</text>'
        yield f'<text x="{AXIS}" y="{TOP + HIGH + 46}">{escape(across)}</text>'

    def line(self, name: str, line: Mapping[float, float], kind: str) -> Iterator[str]:
        spots = [self.at(x, y) for x, y in line.items()]
        (first, value), last = next(iter(line.items())), max(line)
        ideal = [self.at(first, value), self.at(last, value * last / first)]
        for style, places in (("ideal", ideal), (f"line{kind}", spots)):
            yield f'<path class="{style}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>'
        for x, y in spots:
            yield f'<circle class="dot{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
        yield f'<text x="{spots[-1][0] + 10:.1f}" y="{spots[-1][1] + 5:.1f}">{escape(name)}</text>'


def _picture(title: str, told: str, drawn: Iterable[str], *, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="title told"><title id="title">{escape(title)}</title>'
        f'<desc id="told">{escape(told)}</desc><style>{STYLE}</style>'
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="14"/>'
        f'<text class="heading" x="28" y="38">{escape(title)}</text>{"".join(drawn)}</svg>\n'
    )


def number(value: float) -> str:
    """For people: thousands are set apart, and small ones keep three digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
