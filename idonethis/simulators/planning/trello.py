"""Pretend Trello: https://developer.atlassian.com/cloud/trello/rest/

People let us in by OAuth 1.0a. A webhook belongs to the token that made it and goes with it; it is
made only where the address answers a HEAD, and is dropped where a hook is answered with 410:
https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ..control import Action
from ..dialect import Dialect
from ..oauth1 import Handshake, parameters
from ..params import Params
from ..sending import Attempt, Signing
from ..store import Record
from . import trello_past as past
from .app import Call, Plan, Planning
from .trello_past import BOARD, DOING, DONE, PEOPLE

API = "/1"
#: Seconds for which a token is good, by what was asked for.
LASTS: Mapping[str, int | None] = {"1hour": 3600, "1day": 86_400, "30days": 30 * 86_400}
UNKNOWN = PlainTextResponse("The requested resource was not found.", 404)

Does = Callable[[Planning, Request, Mapping[str, Any]], Awaitable[Response]]


async def me(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    person = partner.me(request)
    named = {"username": person["username"], "fullName": person["name"]}
    return JSONResponse({"id": person["id"], **named})


async def boards(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    return JSONResponse([{"id": BOARD["id"], "name": BOARD["name"]}])


def of_token(does: Does) -> Does:
    """What belongs to a token is shown to no other."""

    async def call(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
        if request.path_params["token"] != partner.token_of(request):
            return PlainTextResponse("invalid token", 401)
        return await does(partner, request, said)

    return call


async def webhooks(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    token = partner.token_of(request)
    return JSONResponse([shown(each) for each in partner.hooks.values() if each["token"] == token])


def shown(hook: Record) -> Record:
    facts = {"id": hook["id"], "idModel": hook["board"], "callbackURL": hook["url"]}
    return {**facts, "active": hook["active"], "consecutiveFailures": 0}


async def create(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    token, url, board = partner.token_of(request), said.get("callbackURL"), said.get("idModel")
    same = (token, url, board)
    if any((each["token"], each["url"], each["board"]) == same for each in partner.hooks.values()):
        word = "A webhook with that callback, model, and token already exists"
        return PlainTextResponse(word, 400)
    name = str(partner.store.next_id("hook", 9001))
    return await _kept(partner, {"id": name, "token": token, "url": "", "board": ""}, said)


async def change(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    found = partner.hooks.get(request.path_params["hook"])
    return await _kept(partner, found, said) if found else UNKNOWN


async def _kept(partner: Planning, hook: Record, said: Mapping[str, Any]) -> Response:
    url = str(said.get("callbackURL") or hook["url"])
    if said.get("idModel", hook["board"]) != BOARD["id"]:
        return PlainTextResponse("invalid value for idModel", 400)
    attempt = await partner.sender.head(url)
    if attempt.status != 200:
        word = f"URL ({url}) did not return 200 status code, got {attempt.status or 'none'}"
        return JSONResponse({"message": word, "error": "ERROR"}, 400)
    active = bool(said.get("active", True))
    partner.hooks[hook["id"]] = {**hook, "url": url, "board": BOARD["id"], "active": active}
    return JSONResponse(shown(partner.hooks[hook["id"]]))


async def remove(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    gone = partner.hooks.pop(request.path_params["hook"], None)
    return JSONResponse({"_value": None}) if gone else UNKNOWN


async def barred(partner: Planning, request: Request, said: Mapping[str, Any]) -> Response:
    """Here a refusal of this kind is a 401, too."""
    return PlainTextResponse("unauthorized permission requested", 401)


def moved(thing: Record, person: Record, at: float, is_done: bool) -> None:
    thing["idList"] = (DONE if is_done else DOING)["id"]


def told(thing: Record, person: Record, at: float, is_done: bool) -> Record:
    how = past.HOWS["moved" if is_done else "back"]
    return {"model": BOARD, "action": past.action(thing, person, at, how)}


def signed(partner: Planning, body: bytes, hook: Record) -> dict[str, str]:
    content = "{body}" + hook["url"]
    signing = Signing("X-Trello-Webhook", algorithm="sha1", encoding="base64", content=content)
    return signing.headers(body, partner.client.client_secret, now=partner.store.now())


class Trello(Planning):
    name: ClassVar[str] = "trello"
    title: ClassVar[str] = "Trello"
    options: ClassVar[Mapping[str, str]] = {
        "most": "the most that is shown at once",
        "stuck": "whether each page of a list is its first one",
    }
    plan = Plan(
        calls=(
            Call("GET", f"{API}/members/me", me),
            Call("GET", f"{API}/members/me/boards", boards),
            Call("GET", f"{API}/boards/{{board}}/actions", past.actions),
            Call("GET", f"{API}/tokens/{{token}}/webhooks", of_token(webhooks)),
            Call("POST", f"{API}/tokens/{{token}}/webhooks", of_token(create)),
            Call("PUT", f"{API}/tokens/{{token}}/webhooks/{{hook}}", of_token(change)),
            Call("DELETE", f"{API}/tokens/{{token}}/webhooks/{{hook}}", of_token(remove)),
            Call("DELETE", f"{API}/tokens/{{token}}", barred),
        ),
        people=PEOPLE,
        things={
            "c-12": {"id": "c-12", "name": "Oil the mill", "shortLink": "cArD12xy", "idList": "l-2"}
        },
        moved=moved,
        told=told,
        signing=signed,
        dialect=Dialect(
            f"{API}/OAuthAuthorizeToken", f"{API}/OAuthGetAccessToken", scope_separator=","
        ),
        refusals={
            "429": (429, {"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}),
            "500": (500, "Internal Server Error"),
            "expired": (401, "invalid token"),
            "revoked": (401, "invalid token"),
        },
    )

    def oauth(self) -> list[Route]:
        return Handshake(
            self.title,
            self.store,
            client=self.client,
            grants=self.grants,
            dialect=self.dialect,
            issue=self.issue,
            request_path=f"{API}/OAuthGetRequestToken",
        ).routes()

    def issue(self, grant: Record) -> Record:
        """https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/"""
        said, wanted = super().issue(grant), grant["asked"].get("expiration", "30days")
        seconds = LASTS.get(wanted)
        if seconds:
            token = self.store.table("tokens")[said["access_token"]]
            token["expires_at"] = self.store.now() + seconds
        return said

    def token_of(self, request: Request) -> str:
        """Only beside the application's key."""
        said = parameters(request)
        is_ours = said.get("oauth_consumer_key") == self.client.client_id
        return str(said.get("oauth_token", "")) if is_ours else ""

    def actions(self) -> dict[str, Action]:
        more = {"switch_off": self._switch_off, "happen": self._happen}
        return {**super().actions(), **more}

    async def _happen(self, params: Params, _: str) -> Record:
        """A ``card`` with this ``title``, ``ago`` seconds before now and ``by`` somebody, is made
        in Done, moved there or back, marked as complete, renamed, placed or deleted: ``how``."""
        at, by = self.store.now() - params.decimal("ago", 0), PEOPLE[params.text("by", "ada")]
        card = params.text("card", "c-1")
        thing = {"id": card, "name": params.text("title"), "shortLink": card.replace("-", "")}
        action = past.action(thing, by, at, past.HOWS[params.text("how", "moved")])
        return {"answers": await self.tell({"model": BOARD, "action": action})}

    async def tell(self, told: Record) -> list[int | None]:
        self.store.table("actions")[told["action"]["id"]] = told["action"]
        return await super().tell(told)

    async def _switch_off(self, params: Params, _: str) -> Record:
        """Each webhook has failed for too long."""
        for hook in self.hooks.values():
            hook["active"] = False
        return {"said": "They are switched off."}

    @property
    def hooks(self) -> Record:
        """Those of tokens that still hold."""
        hooks = super().hooks
        for name in [name for name, hook in hooks.items() if not self._holds(hook)]:
            del hooks[name]
        return hooks

    def _holds(self, hook: Record) -> bool:
        return self.grants.standing(hook["token"]) == "live"

    async def send(self, hook: Record, body: bytes) -> Attempt:
        attempt = await super().send(hook, body)
        if attempt.status == 410:
            self.hooks.pop(hook["id"], None)
        return attempt
