"""n8n: a node of a workflow posts what it is told to.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.httprequest/"""

from __future__ import annotations

from idonethis.integrations.base import SharedToken
from idonethis.integrations.kits.mapped import Mapped


class N8n(Mapped):
    name = "n8n"
    category = "Anything"
    tagline = "Any workflow of n8n logs what it has done."
    # It cannot sign, but sets headers.
    signature = SharedToken("Authorization", prefix="Bearer ")


integration = N8n()
