"""What assistants ask and do for their person: tools by the Model Context Protocol, at ``/mcp``.
https://modelcontextprotocol.io/specification"""

from __future__ import annotations
