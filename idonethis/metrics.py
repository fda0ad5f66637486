"""What the server counts and measures, as Prometheus reads it. No names of people or teams.

https://prometheus.github.io/client_python/
https://prometheus.io/docs/practices/naming/"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.db import DatabaseError
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from idonethis import __version__

log = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
Info("idonethis_build", "The version that runs.", registry=REGISTRY).info({"version": __version__})

HOOKS = Counter(
    "idonethis_hooks",
    "Hooks by what was answered: stored, answered (a handshake), or the reason of the refusal.",
    ["type", "result"],
    registry=REGISTRY,
)
#: Partners give between three and ten seconds.
HOOK_SECONDS = Histogram(
    "idonethis_hook_seconds",
    "From the first of a hook to its answer.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
RECEIPTS = Counter(
    "idonethis_receipts",
    "Hooks that were processed, by outcome.",
    ["type", "outcome"],
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "idonethis_deliveries",
    "Attempts to bring an entry to a partner: done, again, held or failed.",
    ["type", "result"],
    registry=REGISTRY,
)

#: A number, or numbers by the values of the labels.
Measured = float | Mapping[tuple[str, ...], float]


class Gauge(NamedTuple):
    """What is looked up when somebody asks for it."""

    name: str
    meaning: str
    ask: Callable[[], Measured]
    labels: tuple[str, ...] = ()


class Asked(Collector):
    """A database that is away leaves its part out; what was counted is told all the same."""

    def __init__(self) -> None:
        self.gauges: dict[str, Gauge] = {}

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for gauge in self.gauges.values():
            try:
                measured = gauge.ask()
            except DatabaseError as problem:
                log.warning("%s cannot be measured: %s", gauge.name, problem)
            else:
                yield _family(gauge, measured)


ASKED = Asked()
REGISTRY.register(ASKED)


def measure(*gauges: Gauge) -> None:
    """From now on these are asked, too."""
    ASKED.gauges |= {gauge.name: gauge for gauge in gauges}


def _family(gauge: Gauge, measured: Measured) -> GaugeMetricFamily:
    family = GaugeMetricFamily(gauge.name, gauge.meaning, labels=gauge.labels)
    by_labels = measured if isinstance(measured, Mapping) else {(): measured}
    for values, number in by_labels.items():
        family.add_metric(values, number)
    return family


def exposition() -> bytes:
    return generate_latest(REGISTRY)
