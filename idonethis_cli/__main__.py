from __future__ import annotations

from idonethis_cli.start import did

did()
