"""Every package in ``idonethis.partners``, and every entry point of the group
``idonethis.partners``, is one integration, named by its folder. That is the whole rule.

Which there are is known without loading any. Each is loaded when it is asked for, so that what has
to do with few or none need not wait for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from pkgutil import iter_modules
from traceback import extract_tb

from idonethis.env import Misconfigured
from idonethis.integrations.base import (
    Expands,
    Integration,
    Receives,
    ReceivesForAll,
    Scope,
    SignsForAll,
    Wakes,
)

PARTNERS = "idonethis.partners"


class Broken(Misconfigured):
    """An integration cannot be loaded. The message says which, why, and where."""

    def __init__(self, point: EntryPoint, problem: Exception) -> None:
        where = extract_tb(problem.__traceback__)[-1]
        super().__init__(
            f"The integration “{point.name}” cannot be loaded. Mend it, or take it away: "
            f"{type(problem).__name__}: {problem} ({where.filename}, line {where.lineno})"
        )


class Installed(Mapping[str, Integration]):
    """All integrations by type. What looks at one of them loads it, or raises Broken."""

    def __init__(self, points: Mapping[str, EntryPoint]) -> None:
        self._points = points
        self._loaded: dict[str, Integration] = {}

    def __getitem__(self, integration_type: str) -> Integration:
        # Threads that load the same one get the same: a module is run once, whoever imports it.
        if integration_type not in self._loaded:
            self._loaded[integration_type] = _load(self._points[integration_type])
        return self._loaded[integration_type]

    def __contains__(self, integration_type: object) -> bool:
        return integration_type in self._points

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def __len__(self) -> int:
        return len(self._points)


def _load(point: EntryPoint) -> Integration:
    try:
        integration: Integration = point.load().integration
    except Exception as problem:
        raise Broken(point, problem) from problem
    integration.integration_type = point.name
    return integration


@cache
def integrations() -> Mapping[str, Integration]:
    """All integrations by type, none of them loaded by this."""
    return Installed({point.name: point for point in _points()})


def _points() -> Iterator[EntryPoint]:
    for module in iter_modules(import_module(PARTNERS).__path__):
        if module.ispkg:
            yield EntryPoint(module.name, f"{PARTNERS}.{module.name}.integration", PARTNERS)
    yield from entry_points(group=PARTNERS)


def every() -> list[Integration]:
    """All, in the order of their names. Loads them."""
    return sorted(integrations().values(), key=lambda each: each.name.lower())


def broken() -> Iterator[Broken]:
    """What is wrong with those that cannot be loaded."""
    for integration_type in types():
        try:
            get(integration_type)
        except Broken as problem:
            yield problem


def get(integration_type: str) -> Integration | None:
    return integrations().get(integration_type)


def name_of(integration_type: str) -> str:
    """For people; of one that is no longer installed, its type."""
    integration = get(integration_type)
    return integration.name if integration else integration_type


def types() -> list[str]:
    """All there are. Loads none; those below load all."""
    return list(integrations())


def types_of(scope: Scope) -> list[str]:
    return [kind for kind, each in integrations().items() if each.scope is scope]


def types_able(ability: type[Integration]) -> list[str]:
    """Those that inherit it."""
    return [kind for kind, each in integrations().items() if isinstance(each, ability)]


def types_with_own_hooks() -> list[str]:
    return [kind for kind, each in integrations().items() if takes_own_hooks(each)]


def types_that_connect() -> list[str]:
    return [kind for kind, each in integrations().items() if each.connects]


def links_by_hand(integration: Integration) -> bool:
    """Whether a link can be made without an account, with a webhook that somebody adds there."""
    return takes_own_hooks(integration) and not needs_account(integration)


def needs_account(integration: Integration) -> bool:
    """Whether nothing would come of its hooks without one: nobody could be asked what they mean, or
    what has changed."""
    return isinstance(integration, Expands | Wakes) and integration.connects


def takes_own_hooks(integration: Integration) -> bool:
    """Whether a link has an address and a secret of its own; not where what comes there only makes
    us ask."""
    without = isinstance(integration, ReceivesForAll | SignsForAll | Wakes)
    return isinstance(integration, Receives) and not without


def folder(integration: Integration) -> Path:
    """Where the integration's icon, set-up page and fixtures lie."""
    return next(folders(integration))


def folders(integration: Integration) -> Iterator[Path]:
    """Its own, and then those of what it builds on."""
    kinds = (kind for kind in type(integration).__mro__ if issubclass(kind, Integration))
    return (Path(str(import_module(kind.__module__).__file__)).parent for kind in kinds)
