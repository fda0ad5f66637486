"""Where things lie: https://specifications.freedesktop.org/basedir-spec/latest/"""

from __future__ import annotations

import os


def settings() -> str:
    return _of("XDG_CONFIG_HOME", ".config")


def outbox(part: str) -> str:
    """``waiting``, ``sent`` or ``refused``."""
    return os.path.join(_of("XDG_DATA_HOME", os.path.join(".local", "share")), part)


def _of(variable: str, usual: str) -> str:
    said = os.environ.get(variable, "")
    base = said if os.path.isabs(said) else os.path.join(os.path.expanduser("~"), usual)
    return os.path.join(base, "done")
