"""n8n: a node of a workflow posts what it is told to.

https://docs.n8n.io/integrations/builtin/core-nodes/n8n-nodes-base.httprequest/"""

from __future__ import annotations

from idonethis.integrations.kits.mapped import FromTool


class N8n(FromTool):
    name = "n8n"
    tagline = "Any workflow of n8n logs what it has done."


integration = N8n()
