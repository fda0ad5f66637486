"""What the benchmark makes of its readings, and what it sends. How fast anything is, is no test."""

from __future__ import annotations

import json
from random import Random

import pytest

from bench import cpu
from bench.body import merged, push, signature
from bench.goals import AtLeast, AtMost, judged
from bench.queueing import Costs, Machines, Play, poisson
from bench.run import before
from bench.scaling import rows, table
from bench.showing import table as shown
from bench.sums import medians, percentile, ratio, rounded, rounds, spread
from bench.watching import Watch, numbered
from bench.wrk import milliseconds, read
from idonethis.integrations import registry
from idonethis.integrations.base import Draft, Secret
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.values import Hook

WRK = """\
  Latency Distribution
     50%    {p50}
     75%    4.00ms
     90%    5.00ms
     99%    {p99}
  13600 requests in 1.00s, 1.70MB read
Requests/sec:  13599.25
"""


def test_a_ratio_is_the_median_of_those_of_the_rounds_and_not_of_the_medians():
    """The second round is slow for both, as on a machine that somebody else uses."""
    ours = [{"hooks_per_s": each} for each in (1000, 50, 900)]
    others = [{"hooks_per_s": each} for each in (100, 10, 300)]
    assert ratio({"ours": ours, "others": others}, "ours", "others") == 5


def test_who_did_not_run_or_came_to_nothing_is_compared_with_nobody():
    told = {"ours": [{"hooks_per_s": 5}], "others": [{"hooks_per_s": 0}]}
    assert ratio(told, "ours", "others") is None
    assert ratio(told, "ours", "absent") is None


def test_everybody_runs_once_in_each_round_and_is_first_in_turn():
    order = []

    def runner(name):
        return lambda number: order.append((number, name)) or {"n": number}

    told = rounds({name: runner(name) for name in "abc"}, 3)
    assert [name for _, name in order] == [*"abc", *"bca", *"cab"]
    assert all([run["n"] for run in runs] == [0, 1, 2] for runs in told.values())


def test_medians_are_of_each_figure_by_itself():
    assert medians([{"p50": 1, "p99": 9}, {"p50": 2, "p99": 8}, {"p50": 3, "p99": 7}]) == {
        "p50": 2,
        "p99": 8,
    }


def test_so_large_a_share_is_not_above_its_percentile():
    values = list(range(1, 201))
    Random(1).shuffle(values)
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)) == (
        100,
        198,
        200,
    )
    assert percentile([7], 0.99) == 7
    with pytest.raises(ValueError, match="Nothing"):
        percentile([], 0.5)


def test_seconds_are_told_in_milliseconds():
    assert spread([0.001, 0.002, 0.003]) == {"p50_ms": 2, "p95_ms": 3, "p99_ms": 3}


@pytest.mark.parametrize(
    ("value", "short"),
    [(0.012345, 0.0123), (3.14159, 3.14), (98.76, 98.8), (13599.25, 13599), (0, 0)],
)
def test_three_digits_are_told(value, short):
    assert rounded(value) == short


def test_what_wrk_says_is_read_in_any_unit():
    told = read(WRK.format(p50="812.00us", p99="1.20s"))
    assert told == {"hooks_per_s": 13599.25, "p50_ms": 0.812, "p99_ms": 1200}
    assert milliseconds("3.82ms") == 3.82


@pytest.mark.parametrize("trouble", ["Non-2xx or 3xx responses: 4", "Socket errors: connect 0"])
def test_a_run_in_which_anything_was_not_acknowledged_counts_for_nothing(trouble):
    with pytest.raises(SystemExit, match="Not every request"):
        read(WRK.format(p50="1ms", p99="2ms") + trouble)


def test_only_figures_of_the_same_pace_stand_beside_each_other(tmp_path):
    file = tmp_path / "bench.json"
    assert before(file, "full") == {}
    file.write_text(json.dumps({"pace": "quick", "ingest": {}}))
    assert "ingest" in before(file, "quick") and before(file, "full") == {}


def test_a_goal_is_met_at_its_limit_and_not_judged_without_a_figure():
    least, most = AtLeast("a", ("x",), 0.4), AtMost("b", ("x", "y"), 15, "ms")
    assert least.judged({"x": 0.4})["met"] and not least.judged({"x": 0.39})["met"]
    assert most.judged({"x": {"y": 15}})["met"] and not most.judged({"x": {"y": 15.1}})["met"]
    assert most.judged({"x": {"skipped": "PostgreSQL is not installed."}})["met"] is None


def test_the_goal_of_a_page_is_that_of_the_largest_team():
    page = {"p95_ms": 30, "queries": 9}
    pages = {"sqlite": {"10000": {"log": page}, "1000000": {"log": page | {"p95_ms": 50}}}}
    ends = {goal["figure"]: goal["met"] for goal in judged({"pages": pages})}
    assert ends["pages.sqlite.1000000.log.p95_ms"] is False
    assert not any("10000." in figure for figure in ends if "1000000" not in figure)


def test_what_has_become_slower_by_more_than_a_fifth_misses_its_goal():
    ratios = {"1000000": {"ingest": 0.79, "claim": 0.81}}
    ends = {
        goal["figure"].rpartition(".")[2]: goal["met"]
        for goal in judged({"growth": {"sqlite": {"ratios": ratios}}})
        if goal["figure"].startswith("growth")
    }
    assert ends == {"ingest": False, "claim": True}


@pytest.mark.parametrize("body", [push(), merged(17)], ids=["push", "merged"])
def test_what_is_sent_is_signed_as_github_signs(body):
    hook = Hook(body, {"x-hub-signature-256": signature(body), "x-github-event": "push"})
    secret = "a secret that only the benchmark knows"
    registry.get("github").signature.check(hook, (Secret(secret),))
    assert 7_000 < len(body) < 10_000


def test_each_pull_request_becomes_an_entry_that_its_number_is_read_from():
    read_from = registry.get("github").read
    drafts = []
    for number in (0, 17, 999_999):
        hook = Hook(merged(number), {"x-github-event": "pull_request"})
        drafts += [event for event in read_from(hook, PlainLink()) if isinstance(event, Draft)]
    assert [numbered(draft.body) for draft in drafts] == [0, 17, 999_999]
    assert len({draft.key for draft in drafts} | {d for x in drafts for d in x.stands_for}) == 6


def test_an_entry_is_seen_when_it_is_first_there():
    shown = iter([[(4, "Cast gear 9000001 of it")], [(9, "Something else")], []])
    asked = []
    watch = Watch(lambda question: asked.append(question) or next(shown))
    for _ in range(3):
        watch.look()
    assert list(watch.seen) == [1, -1]
    assert [question.split()[-4] for question in asked] == ["0", "4", "9"]


def test_time_of_the_processor_only_grows():
    before = cpu.seconds(1), cpu.of_family(1)
    assert before[0] >= 0 and before[1] >= before[0]


@pytest.mark.parametrize("load", [0.3, 0.5, 0.8])
def test_one_queue_with_equal_times_waits_as_the_formula_says(load):
    """M/D/1, by Pollaczek and Khinchine: https://en.wikipedia.org/wiki/M/D/1_queue"""
    takes = 0.001
    arrivals = poisson(load / takes, 40_000, seed=1815)
    played = Play(Costs(takes, 0, 0, 0, 0), Machines(1, 1, 1)).run(arrivals)
    waited = [played.acknowledged[hook] - at for hook, at in enumerate(arrivals)]
    expected = takes + load * takes / (2 * (1 - load))
    assert sum(waited) / len(waited) == pytest.approx(expected, rel=0.04)


def test_the_same_seed_plays_the_same():
    played = [
        Play(Costs(1e-4, 1e-5, 1e-3, 1e-4, 1e-3), Machines(2, 2, 2)).run(poisson(500, 500, seed=3))
        for _ in range(2)
    ]
    assert played[0] == played[1] and len(played[0].visible) == 500


def test_a_commit_of_many_pays_for_one_flush():
    """A hundred hooks at once, and a disk of 10 ms: two commits, and not a hundred."""
    played = Play(Costs(0, 0, 0, 0, 0.01), Machines(1, 1, 1)).run([0.0] * 100)
    assert max(played.acknowledged.values()) == pytest.approx(0.02)


def test_more_processes_do_more_until_the_database_has_no_core_left():
    costs = Costs(1e-4, 5e-5, 1e-3, 5e-4, 1e-3)
    roomy = {(row.does, row.processes): row for row in rows(costs, database_cores=16)}
    tight = {(row.does, row.processes): row for row in rows(costs, database_cores=2)}
    assert all(row.share > 0.9 for row in roomy.values())
    assert tight["take", 16].per_s == pytest.approx(2 / 5e-5, rel=0.1)
    assert tight["take", 16].share < 0.5
    assert table(list(roomy.values())).count("\n") == 11


def test_the_table_names_the_machine_every_figure_and_every_goal():
    machine = {"cpu": "Analytical", "cores": 2, "ram_gb": 4, "fsync_ms": 0.5, "kernel": "6.1"}
    machine |= {"python": "3.11.2", "sqlite": "3.40.1", "postgresql": ""}
    results = {"machine": machine, "pace": "tiny", "ingest": {"hooks_per_s": 13600.0}}
    results["goals"] = judged(results)
    told = shown(json.loads(json.dumps(results)))
    assert "Analytical, 2 cores, 4 GB, fsync 0.5 ms" in told
    assert "ingest.hooks_per_s" in told and "13,600" in told
    assert told.count("not measured") == len(results["goals"])
