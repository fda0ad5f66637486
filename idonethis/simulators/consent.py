"""The page on which an account lets the application in, or does not."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from .clients import Client
from .dialect import Dialect
from .grants import Grants
from .pages import page
from .store import Record, Store


class Consent:
    """The authorization endpoint (RFC 6749, 3.1) with a form that a person or a test can send.

    The form posts `account` and `decision` (authorize or cancel) to the very address it was shown
    at, so a test needs no more than one POST to the authorize address.
    """

    def __init__(
        self, title: str, store: Store, *, client: Client, grants: Grants, dialect: Dialect
    ) -> None:
        self._title = title
        self._store = store
        self._client = client
        self._grants = grants
        self._dialect = dialect

    def routes(self) -> list[Route]:
        path = self._dialect.authorize_path
        return [
            Route(path, self.show, methods=["GET"]),
            Route(path, self.decide, methods=["POST"]),
        ]

    def asked(self, request: Request) -> Record:
        """What the application asks for."""
        return dict(request.query_params)

    def proof(self, account: str, asked: Record) -> Record:
        """What an account that says yes sends back."""
        return {"code": self._grants.new_code(account, asked)}

    def denial(self) -> Record:
        why = "The user has denied your application access."
        return {"error": "access_denied", "error_description": why}

    async def show(self, request: Request) -> Response:
        asked = self.asked(request)
        return self._refusal(asked) or page("consent.html", self._context(request, asked))

    async def decide(self, request: Request) -> Response:
        asked = self.asked(request)
        form = await request.form()
        account = str(form.get("account", asked.get("account", "")))
        refusal = self._refusal({**asked, "account": account})
        if refusal is not None:
            return refusal
        if form.get("decision") != "authorize":
            return back(asked, self.denial())
        return back(asked, self.proof(account, asked))

    def _refusal(self, asked: Record) -> Response | None:
        """What is wrong with the request, if anything.

        A stranger's redirect address is never followed (RFC 6749, 4.1.2.1).
        """
        if asked.get("client_id") != self._client.client_id:
            return self._stop(404, f"{self._title} knows no application with this client_id.")
        if not self._client.owns(asked.get("redirect_uri", "")):
            return self._stop(400, "The redirect_uri is not registered for this application.")
        if asked.get("account") and asked["account"] not in self._store.table("accounts"):
            return self._stop(404, f"{self._title} knows no account {asked['account']}.")
        error = self._error(asked)
        return back(asked, error) if error else None

    def _error(self, asked: Record) -> Record:
        known = self._dialect.scopes
        scopes = self._dialect.split(asked.get("scope", ""))
        strange = [scope for scope in scopes if known is not None and scope not in known]
        if asked.get("response_type", "code") != "code":
            return {"error": "unsupported_response_type"}
        if strange:
            return {"error": "invalid_scope", "error_description": f"Unknown: {' '.join(strange)}"}
        return self._pkce_error(asked)

    def _pkce_error(self, asked: Record) -> Record:
        challenge = asked.get("code_challenge")
        if self._dialect.pkce == "required" and not challenge:
            return {"error": "invalid_request", "error_description": "code_challenge is required"}
        plain = challenge and asked.get("code_challenge_method") != "S256"
        if self._dialect.pkce != "off" and plain:
            return {"error": "invalid_request", "error_description": "S256 is required"}
        return {}

    def _stop(self, status: int, why: str) -> Response:
        return page("stop.html", {"title": self._title, "why": why}, status=status)

    def _context(self, request: Request, asked: Record) -> Record:
        accounts = self._store.table("accounts")
        return {
            "title": self._title,
            "client": self._client.name,
            "scopes": self._dialect.split(asked.get("scope", "")),
            "accounts": [
                {**record, "key": key}
                for key, record in accounts.items()
                if record.get("signs_in") or key == asked.get("account")
            ],
            "chosen": asked.get("account", ""),
            "action": f"{request.url.path}?{request.url.query}",
            "to": urlsplit(asked["redirect_uri"]).netloc,
        }


def back(asked: Record, answer: Record) -> RedirectResponse:
    """Send the browser back to the application with the answer and the state it came with."""
    parts = urlsplit(asked["redirect_uri"])
    state = {"state": asked["state"]} if "state" in asked else {}
    query = "&".join(part for part in (parts.query, urlencode({**answer, **state})) if part)
    return RedirectResponse(urlunsplit(parts._replace(query=query)), 302)
