"""The pages about speed say what was measured, and nothing else."""

from __future__ import annotations

import copy
import json
import runpy
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench.deployments import Cost, Deployment
from bench.goals import AtLeast, AtMost, judged

DOCS = Path(__file__).resolve().parent.parent / "docs"
RESULTS = json.loads((DOCS / "bench.json").read_text())
PERFORMANCE = runpy.run_path(str(DOCS / "performance.py"))
CAPACITY = runpy.run_path(str(DOCS / "capacity.py"))
PLOTS = runpy.run_path(str(DOCS / "plots.py"))
#: A letter, at most, on average.
WIDE = 7.5
SVG = "{http://www.w3.org/2000/svg}"


def test_the_page_and_its_pictures_are_what_was_measured():
    for name, text in PERFORMANCE["pages"](RESULTS).items():
        assert (DOCS / name).read_text() == text, "Run docs/performance.py."


def test_what_one_machine_holds_is_worked_out_from_what_was_measured():
    assert (DOCS / "capacity.md").read_text() == CAPACITY["page"](RESULTS), "Run docs/capacity.py."


def test_the_goals_are_those_of_the_code_judged_by_what_was_measured():
    assert RESULTS["goals"] == judged(RESULTS)


def drawn():
    bar = PLOTS["Bar"]
    rows = [bar("I Done This & <all>", 13_599.25, goal=15_000), bar("a view", 0.0, False)]
    yield PLOTS["bars"]("Hooks a second", "/s", rows)
    yield PLOTS["lines"]("Played", "processes", {"stored": {1: 10.0, 16: 150.0}, "read": {1: 2.5}})
    told = PERFORMANCE["pages"](RESULTS)
    yield from (told[name] for name in sorted(told) if name.endswith(".svg"))


@pytest.mark.parametrize("picture", drawn())
def test_each_picture_is_well_formed(picture):
    root = ElementTree.fromstring(picture)
    assert root.tag == f"{SVG}svg" and root.get("role") == "img"
    width, height = map(float, root.get("viewBox").split()[2:])
    for each in root.iter():
        across, down = (float(each.get(name, 0)) for name in "xy")
        assert 0 <= across + float(each.get("width", 0)) <= width
        assert 0 <= down + float(each.get("height", 0)) <= height
        if each.get("text-anchor") == "end":
            assert across > len(each.text) * WIDE, f"{each.text} is cut off"


@pytest.mark.parametrize("picture", list(drawn())[:2])
def test_a_picture_tells_its_numbers_to_who_does_not_see_it_and_is_light_or_dark(picture):
    root = ElementTree.fromstring(picture)
    named = {each.get("id"): each.text for each in root if each.get("id")}
    assert root.get("aria-labelledby").split() == ["title", "told"]
    assert all(named[name] for name in ("title", "told"))
    assert any(number in named["told"] for number in ("13,599 /s", "150 at 16"))
    assert "prefers-color-scheme: dark" in picture


def test_a_goal_that_is_missed_comes_with_the_reason_and_one_that_is_met_without():
    reason = "Reading a hook is work of Python"
    for value, is_said in ((2.4, True), (12.0, False)):
        results = copy.deepcopy(RESULTS)
        results["processing"]["vs_one_at_a_time"] = value
        results["goals"] = judged(results)
        assert (reason in PERFORMANCE["page"](results)) is is_said


def test_every_goal_that_can_be_missed_has_a_reason():
    missed = copy.deepcopy(RESULTS)
    starts = runpy.run_path(str(DOCS / "reasons_missed.py"))["WHY"]
    figures = [goal["figure"] for goal in judged(missed)]
    assert [name for name in figures if not name.startswith(tuple(starts))] == []


def test_what_could_not_be_measured_here_is_left_out():
    fewer = {name: RESULTS[name] for name in ("machine", "pace", "ingest", "start", "memory")}
    fewer |= {"postgres": {"skipped": "PostgreSQL is not installed."}, "slow_disk": {}}
    fewer["goals"] = judged(fewer)
    told = PERFORMANCE["pages"](fewer)
    assert (
        "On PostgreSQL" not in told["performance.md"] and "## Pages" not in told["performance.md"]
    )
    assert set(told) == {"performance.md", "images/ingest.svg"}


@pytest.mark.parametrize("page", [PERFORMANCE["page"], CAPACITY["page"]])
def test_a_quick_run_says_so(page):
    for pace, is_said in (("quick", True), ("full", False)):
        assert ("A quick run" in page(RESULTS | {"pace": pace})) is is_said


COST = Cost(take=0.1, take_database=0.05, read=1.0, read_database=0.5, receipt=2000, entry=1000)


def test_a_small_team_needs_one_process_and_a_large_one_what_its_peak_takes():
    small, large = (Deployment(hooks, COST, one_process=800.0) for hooks in (1_000, 10_000_000))
    assert small.fits_one_process and not large.fits_one_process
    # 8,333 hooks a second at the peak; half of each core is planned for.
    assert (large.takers, large.readers, large.database_cores) == (2, 17, 10)
    assert large.gb_a_day == pytest.approx((480, 240))
    assert large.gb_kept == pytest.approx(30 * 480 + 365 * 240)


def test_goals_read_as_they_are_judged():
    assert AtLeast("a", ("x",), 0.4).judged({})["goal"] == "≥ 0.4"
    assert AtMost("b", ("x",), 15, "ms").judged({})["goal"] == "≤ 15 ms"
