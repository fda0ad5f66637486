"""Ada and Grace at the pretend partners."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx

from idonethis.simulators.visitor import PLAIN, act, consent, read

CALLBACK = "http://127.0.0.1:8000/auth/callback"


class Caller:
    client_id = ""
    client_secret = ""
    authorize_path = ""
    token_path = ""

    def __init__(self, url):
        self.url = url
        self._open = []

    def client(self, base_url, token):
        headers = {"Authorization": f"Bearer {token}"}
        self._open.append(httpx.Client(base_url=base_url, headers=headers, verify=PLAIN))
        return self._open[-1]

    def close(self):
        for client in self._open:
            client.close()

    def do(self, action, **values):
        return act(self.url, action, **values)

    def settled(self, action, **values):
        """Do something and wait for all that comes of it."""
        done = self.do(action, **values)
        self.do("settle")
        return done

    def read(self, name):
        return read(self.url, name)

    def authorize_url(self, **changes):
        asked = {"client_id": self.client_id, "redirect_uri": CALLBACK, "state": "s", **changes}
        return f"{self.url}{self.authorize_path}?{urlencode(asked)}"

    def code(self, account="ada", **asked):
        return consent(self.authorize_url(**asked), account)["code"]

    def exchange(self, code="", **changes):
        fields = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "code": code,
            "redirect_uri": CALLBACK,
            **changes,
        }
        given = {name: value for name, value in fields.items() if value is not None}
        headers = {"Accept": "application/json"}
        return httpx.post(f"{self.url}{self.token_path}", data=given, headers=headers, verify=PLAIN)


class GitHubCaller(Caller):
    client_id = "pretend-github-client"
    client_secret = "pretend-github-secret"
    authorize_path = "/login/oauth/authorize"
    token_path = "/login/oauth/access_token"
    hooks = "/repos/analytical/engine/hooks"

    def api(self, account="ada", *, scope="repo admin:repo_hook user:email"):
        token = self.exchange(self.code(account, scope=scope)).json()["access_token"]
        return self.client(f"{self.url}/api/v3", token)

    def hook(self, url, *, secret="hush", events=("*",), content_type="json"):
        """A new hook of Ada on the engine, after its ping."""
        config = {"url": url, "secret": secret, "content_type": content_type}
        made = self.api().post(self.hooks, json={"config": config, "events": list(events)})
        self.do("settle")
        return made.json()


class SlackCaller(Caller):
    client_id = "pretend-slack-client"
    client_secret = "pretend-slack-secret"
    authorize_path = "/oauth/v2/authorize"
    token_path = "/api/oauth.v2.access"
    scopes = "commands,chat:write,channels:read,groups:read,channels:join,users:read"

    def install(self, account="ada", *, scope=scopes, **asked):
        return self.exchange(self.code(account, scope=scope, **asked)).json()

    def api(self, **installation):
        token = self.install(**installation)["access_token"]
        return SlackApi(self.client(f"{self.url}/api/", token), token)

    def messages(self, channel="done"):
        return self.do("messages", channel=channel)["messages"]


class SlackApi:
    def __init__(self, client, token):
        self.client = client
        self.token = token

    def __call__(self, method, **arguments):
        return self.client.post(method, json=arguments).json()

    def error(self, method, **arguments):
        return self(method, **arguments).get("error")
