"""The partner's side, over real HTTP. What it has and how it behaves lies open to tests."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CONSENT = """<!doctype html><title>Foundry</title><h1>Let I Done This in?</h1>
<form method="post"><button name="decision" value="yes">Let it in</button>
<button name="decision" value="no">Cancel</button></form>"""


@dataclass
class Grant:
    who: str
    access: str
    refresh: str
    dead: bool = False


@dataclass
class World:
    signed_in: str = "1815"
    people: dict = field(default_factory=lambda: {"1815": "ada-l", "1906": "grace-h"})
    forges: list = field(
        default_factory=lambda: [
            {"name": "ada/engine", "hint": "lit"},
            {"name": "ada/cold"},
            {"name": "babbage/mill", "barred": "You hold no key to it."},
        ]
    )
    hooks: dict = field(default_factory=dict)
    posts: dict = field(default_factory=dict)
    #: What was cast before.
    castings: list = field(default_factory=list)
    codes: dict = field(default_factory=dict)
    grants: list = field(default_factory=list)
    #: Seconds that an access token lives; None for ever.
    lifetime: int | None = None
    #: Seconds that the token endpoint takes.
    slow: float = 0
    #: What the token endpoint answers instead: (status, content).
    says: tuple | None = None
    #: The status that the API answers instead.
    out: int | None = None
    #: A post that the API fails over.
    chokes_on: str = ""
    #: No webhook can be made or changed.
    full: bool = False
    #: Who somebody is, in other words than usual.
    me: dict | None = None
    refreshed: int = 0
    #: Calls of the API: (method, path).
    calls: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def grant(self, who):
        number = next(self.numbers)
        made = Grant(who, f"access-{number}", f"refresh-{number}")
        self.grants.append(made)
        return made

    def revoke(self):
        for grant in self.grants:
            grant.dead = True


class Server:
    """``world`` may be changed while it runs."""

    def __init__(self):
        self.world = World()
        self.app = Starlette(
            routes=[
                Route("/authorize", self.authorize, methods=["GET", "POST"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/api/me", self.me),
                Route("/api/grant", self.end_grant, methods=["DELETE"]),
                Route("/api/forges", self.forges),
                Route("/api/hooks", self.list_hooks, methods=["GET"]),
                Route("/api/hooks", self.make_hook, methods=["POST"]),
                Route("/api/hooks/{id}", self.drop_hook, methods=["DELETE"]),
                Route("/api/castings", self.castings),
                Route("/api/posts", self.post, methods=["POST"]),
                Route("/api/posts/{id}", self.change, methods=["PATCH", "DELETE"]),
            ]
        )

    async def authorize(self, request):
        self.world.asked.append(dict(request.query_params))
        if request.method == "GET":
            return HTMLResponse(CONSENT)
        asked = request.query_params
        if (await request.form())["decision"] == "no":
            answer = {"error": "access_denied"}
        else:
            answer = {"code": self.code_for(asked)}
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode(answer | {'state': asked['state']})}", 302
        )

    def code_for(self, asked):
        code = f"code-{next(self.world.numbers)}"
        self.world.codes[code] = dict(asked)
        return code

    async def token(self, request):
        form = dict(await request.form())
        if self.world.slow:
            await asyncio.sleep(self.world.slow)
        if self.world.says:
            status, content = self.world.says
            return (
                Response(content, status)
                if isinstance(content, str)
                else JSONResponse(content, status)
            )
        if (form["client_id"], form["client_secret"]) != ("the-id", "the-secret"):
            return JSONResponse({"error": "invalid_client"}, 401)
        if form["grant_type"] == "refresh_token":
            return self.refresh(form["refresh_token"])
        return self.exchange(form)

    def exchange(self, form):
        asked = self.world.codes.pop(form["code"], None)
        verifier = base64.urlsafe_b64encode(
            hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        )
        if asked is None or verifier.rstrip(b"=").decode() != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return self.answer(self.world.grant(self.world.signed_in))

    def refresh(self, token):
        """A refresh token that is used twice ends everything, as RFC 9700, 4.14.2 advises."""
        old = next((g for g in self.world.grants if g.refresh == token), None)
        if old is None or old.dead:
            self.world.revoke()
            return JSONResponse({"error": "invalid_grant"}, 400)
        old.dead = True
        self.world.refreshed += 1
        return self.answer(self.world.grant(old.who))

    def answer(self, grant):
        body = {"access_token": grant.access, "token_type": "bearer", "scope": "castings"}
        if self.world.lifetime is not None:
            body |= {"expires_in": self.world.lifetime, "refresh_token": grant.refresh}
        return JSONResponse(body)

    async def end_grant(self, request):
        token = (await request.json())["access_token"]
        ours = base64.b64encode(b"the-id:the-secret").decode()
        if self.world.out or request.headers.get("authorization") != f"Basic {ours}":
            return Response(status_code=self.world.out or 401)
        for grant in self.world.grants:
            grant.dead = grant.dead or grant.access == token
        return Response(status_code=204)

    def who(self, request):
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return next((g.who for g in self.world.grants if g.access == token and not g.dead), None)

    def refusal(self, request):
        self.world.calls.append((request.method, request.url.path))
        if self.world.out:
            return JSONResponse({"error": "out of order"}, self.world.out)
        if self.who(request) is None:
            return JSONResponse({"error": "bad credentials"}, 401)
        return None

    async def me(self, request):
        if refusal := self.refusal(request):
            return refusal
        who = self.who(request)
        if self.world.me:
            return JSONResponse(self.world.me)
        return JSONResponse({"id": who, "login": self.world.people[who]})

    async def forges(self, request):
        if refusal := self.refusal(request):
            return refusal
        query = request.query_params.get("q", "")
        return JSONResponse([f for f in self.world.forges if query in f["name"]])

    async def castings(self, request):
        """Five on a page."""
        if refusal := self.refusal(request):
            return refusal
        at, cast = int(request.query_params["from"]), self.world.castings
        following = at + 5 if at + 5 < len(cast) else 0
        return JSONResponse({"castings": cast[at : at + 5], "next": following, "total": len(cast)})

    async def list_hooks(self, request):
        if refusal := self.refusal(request):
            return refusal
        asked = request.query_params
        made = self.world.hooks
        return JSONResponse(
            {name: made[name] for name in made if asked["id"] == name}
            or {name: made[name] for name in made if made[name]["url"] == asked["url"]}
        )

    async def make_hook(self, request):
        if refusal := self.refusal(request):
            return refusal
        if self.world.full:
            return JSONResponse({"error": "no room"}, 403)
        said = await request.json()
        known = said.pop("id")
        said |= {"active": True, "is_refused": False, "by": self.who(request)}
        for name, hook in self.world.hooks.items():
            if name == known or hook["url"] == said["url"]:
                hook.update(said)
                return JSONResponse({"id": name})
        name = f"hook-{next(self.world.numbers)}"
        self.world.hooks[name] = said
        return JSONResponse({"id": name}, 201)

    async def drop_hook(self, request):
        if refusal := self.refusal(request):
            return refusal
        gone = self.world.hooks.pop(request.path_params["id"], None)
        return Response(status_code=204 if gone else 404)

    async def post(self, request):
        if refusal := self.refusal(request):
            return refusal
        name, body = f"post-{next(self.world.numbers)}", (await request.json())["body"]
        if body == self.world.chokes_on:
            return JSONResponse({"error": "stuck in the mould"}, 500)
        self.world.posts[name] = body
        return JSONResponse({"id": name}, 201)

    async def change(self, request):
        if refusal := self.refusal(request):
            return refusal
        name = request.path_params["id"]
        if request.method == "DELETE":
            self.world.posts.pop(name, None)
            return Response(status_code=204)
        self.world.posts[name] = (await request.json())["body"]
        return JSONResponse({"id": name})
