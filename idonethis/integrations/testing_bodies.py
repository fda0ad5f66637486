"""Bodies that partners have sent to others, where a folder of them is on this machine: for tests
that run over them, and are skipped everywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from idonethis import env

PROJECT = Path(__file__).parents[2]
FOLDER = Path(env.text("IDONETHIS_SHARED_PAYLOADS") or PROJECT.parent / "shared" / "payloads")


def bodies(pattern: str) -> list[Path]:
    """Such as ``by-service/acme/*.json``."""
    return sorted(FOLDER.glob(pattern))


def over(paths: list[Path]) -> list[pytest.MarkDecorator]:
    """The marks of such tests."""
    missing = pytest.mark.skipif(not paths, reason="The bodies are not on this machine.")
    return [pytest.mark.shared, missing]
