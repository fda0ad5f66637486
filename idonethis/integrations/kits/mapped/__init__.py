"""For tools that send what somebody lets them send: the integration says where each field stands in
a body, and a link may say otherwise. https://jmespath.org"""

from __future__ import annotations

from idonethis.integrations.kits.mapped.receives import FromTool, Mapped

__all__ = ["FromTool", "Mapped"]
