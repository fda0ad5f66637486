"""Whether everything is as it should be here, and exactly what to do where it is not."""

from __future__ import annotations

from idonethis.doctor.checkup import Checkup
from idonethis.doctor.finding import Finding, Verdict

__all__ = ["Checkup", "Finding", "Verdict"]
