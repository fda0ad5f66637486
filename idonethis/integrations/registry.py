"""Every package in ``idonethis.partners``, and every entry point of the group
``idonethis.partners``, is one integration, named by its folder. That is the whole rule."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

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


@cache
def integrations() -> dict[str, Integration]:
    """All integrations by type, in the order of their names."""
    found = {name: _integration(name, package) for name, package in _packages()}
    return dict(sorted(found.items(), key=lambda item: item[1].name.lower()))


def _packages() -> list[tuple[str, ModuleType]]:
    inside = [m.name for m in iter_modules(import_module(PARTNERS).__path__) if m.ispkg]
    ours = [(name, import_module(f"{PARTNERS}.{name}.integration")) for name in inside]
    return ours + [(point.name, point.load()) for point in entry_points(group=PARTNERS)]


def _integration(name: str, module: ModuleType) -> Integration:
    integration: Integration = module.integration
    integration.integration_type = name
    return integration


def get(integration_type: str) -> Integration | None:
    return integrations().get(integration_type)


def name_of(integration_type: str) -> str:
    """For people; of one that is no longer installed, its type."""
    integration = get(integration_type)
    return integration.name if integration else integration_type


def types(scope: Scope | None = None, *, able: type[Integration] = Integration) -> list[str]:
    fitting = (i for i in integrations().values() if isinstance(i, able))
    return [i.integration_type for i in fitting if scope in (None, i.scope)]


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
