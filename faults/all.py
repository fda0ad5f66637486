"""Every fault there is, in order."""

from __future__ import annotations

from faults import f01_kill as f01_kill
from faults import f02_named_points as f02_named_points
from faults import f04_database_away as f04_database_away
from faults import f05_disk_full as f05_disk_full
from faults import f06_partner_faults as f06_partner_faults
from faults import f07_partner_away as f07_partner_away
from faults import f09_repeats as f09_repeats
from faults import f10_burst as f10_burst
from faults import f11_poison as f11_poison
from faults import f13_slow_clients as f13_slow_clients
from faults import f14_backup as f14_backup
from faults import f16_storm as f16_storm
from faults import f18_link_races as f18_link_races
from faults import f19_many_processes as f19_many_processes
from faults.fault import FAULTS as FAULTS
