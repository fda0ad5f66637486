"""n8n: a node of a workflow posts what it is told to, and a workflow is told of entries.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.httprequest/ and
https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.webhook/"""

from __future__ import annotations

from idonethis.integrations.kits.telling import BothWays


class N8n(BothWays):
    name = "n8n"
    tagline = "Any workflow of n8n logs what it has done, and hears of entries."
    hosts = ("*.app.n8n.cloud",)


integration = N8n()
