from __future__ import annotations

from idonethis.cli import main

main()
