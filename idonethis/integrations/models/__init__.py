from __future__ import annotations

from idonethis.integrations.models.authorization import Authorization
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.directory import CLAIM, Rows
from idonethis.integrations.models.heartbeat import Heartbeat
from idonethis.integrations.models.incident import Incident
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser, Taken
from idonethis.integrations.models.notice import Notice
from idonethis.integrations.models.partner_app import PartnerApp, callback_url, needed, setting
from idonethis.integrations.models.reading import Outcome
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.repair import Repair
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson, actor_key

__all__ = [
    "CLAIM",
    "Authorization",
    "Delivery",
    "Heartbeat",
    "Incident",
    "IntegrationLink",
    "IntegrationUser",
    "Notice",
    "Outcome",
    "PartnerApp",
    "Receipt",
    "RegisteredHook",
    "Repair",
    "Rows",
    "Taken",
    "UnclaimedPerson",
    "actor_key",
    "callback_url",
    "needed",
    "setting",
]
