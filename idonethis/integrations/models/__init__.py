from __future__ import annotations

from idonethis.integrations.models.attempt import Attempt
from idonethis.integrations.models.authorization import Authorization
from idonethis.integrations.models.backfilling import Backfill
from idonethis.integrations.models.bucket import Bucket
from idonethis.integrations.models.bygone import Bygone
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.directory import CLAIM, Proving, directory_for
from idonethis.integrations.models.erasure import Erasure
from idonethis.integrations.models.heartbeat import Heartbeat
from idonethis.integrations.models.incident import Incident
from idonethis.integrations.models.inquiring import Inquiry
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser, Taken, actor_key
from idonethis.integrations.models.job import Job
from idonethis.integrations.models.joining import welcome
from idonethis.integrations.models.notice import Notice
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.models.partner_app import PartnerApp, callback_url, needed, setting
from idonethis.integrations.models.published_keys import PublishedKeys
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.refusal import Refusal
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.repair import Repair
from idonethis.integrations.models.replaying import Replay
from idonethis.integrations.models.revocation import Revocation
from idonethis.integrations.models.storm import Storm
from idonethis.integrations.models.subscribed import subscribed, subscribed_by
from idonethis.integrations.models.suggestion import Suggestion
from idonethis.integrations.models.telling import Outcome
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson
from idonethis.integrations.models.undoing import Undo

__all__ = [
    "CLAIM",
    "Attempt",
    "Authorization",
    "Backfill",
    "Bucket",
    "Bygone",
    "Delivery",
    "Erasure",
    "Heartbeat",
    "Incident",
    "Inquiry",
    "IntegrationLink",
    "IntegrationUser",
    "Job",
    "Notice",
    "Outcome",
    "OutgoingHold",
    "PartnerApp",
    "Proving",
    "PublishedKeys",
    "Receipt",
    "Refusal",
    "RegisteredHook",
    "Repair",
    "Replay",
    "Revocation",
    "Storm",
    "Suggestion",
    "Taken",
    "UnclaimedPerson",
    "Undo",
    "actor_key",
    "callback_url",
    "directory_for",
    "needed",
    "setting",
    "subscribed",
    "subscribed_by",
    "welcome",
]
