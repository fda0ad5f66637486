from __future__ import annotations

from idonethis.porting.models.collecting import Collect
from idonethis.porting.models.importing import Import, Unimport
from idonethis.porting.models.plan import Plan
from idonethis.porting.models.upload import Part, Upload

__all__ = ["Collect", "Import", "Part", "Plan", "Unimport", "Upload"]
