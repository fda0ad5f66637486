"""Workflows as n8n imports them: https://docs.n8n.io/build/manage-workflows/export-and-import"""

from __future__ import annotations

import re
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.curling import DOCS

CREDENTIAL = {"id": "idonethis0000001", "name": "I Done This"}


def credential(token: str) -> dict[str, Any]:
    return {**CREDENTIAL, "type": "httpBearerAuth", "data": {"token": token}}


def code(secret: str) -> str:
    """The code that docs/rest-hooks.md gives for n8n, with this secret in it."""
    page = (DOCS / "rest-hooks.md").read_text()
    (shown,) = re.findall(r"```js\n(.+?)```", page, re.DOTALL)
    return shown.replace("whsec_…", secret)


def echoing(path: str, *, secret: str, entries: str, team: str) -> dict[str, Any]:
    """Looks at the signature of what it is told, and logs in this team what that was."""
    said = "={{ $json.type }} {{ $json.data.hash_id }}"
    telling = {
        "method": "POST",
        "url": entries,
        "authentication": "genericCredentialType",
        "genericAuthType": "httpBearerAuth",
        "sendHeaders": True,
        "headerParameters": {
            "parameters": [{"name": "Idempotency-Key", "value": "={{ $json.id }}"}]
        },
        "sendBody": True,
        "bodyParameters": {
            "parameters": [{"name": "body", "value": said}, {"name": "team_id", "value": team}]
        },
        "options": {},
    }
    return _workflow(
        "idonethisechoes1",
        _webhook(path, responseMode="lastNode", options={"rawBody": True}),
        _node("Verify", "code", 2, {"jsCode": code(secret)}),
        _node("Log", "httpRequest", 4.2, telling, credentials={"httpBearerAuth": CREDENTIAL}),
    )


def refusing(path: str) -> dict[str, Any]:
    """Says that it wants nothing any more."""
    gone = {"values": {"responseCode": "customCode", "customCode": 410}}
    return _workflow("idonethisrefuses", _webhook(path, options={"responseCode": gone}))


def _webhook(path: str, **rest: Any) -> dict[str, Any]:
    node = _node("Webhook", "webhook", 2, {"httpMethod": "POST", "path": path, **rest})
    return {**node, "webhookId": path}


def _node(name: str, kind: str, version: float, parameters: Any, **rest: Any) -> dict[str, Any]:
    said = {"id": name.lower(), "name": name, "type": f"n8n-nodes-base.{kind}"}
    return {**said, "typeVersion": version, "position": [0, 0], "parameters": parameters, **rest}


def _workflow(name: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    """Each node leads to the next."""
    pairs = zip(nodes, nodes[1:], strict=False)
    leads = {
        here["name"]: {"main": [[{"node": there["name"], "type": "main", "index": 0}]]}
        for here, there in pairs
    }
    settings = {"executionOrder": "v1"}
    made = {"id": name, "name": name, "nodes": list(nodes), "connections": leads}
    version = str(uuid5(NAMESPACE_URL, name))
    return {**made, "settings": settings, "active": False, "versionId": version}
