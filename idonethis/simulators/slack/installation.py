"""The application in the workspace: installed, revoked, uninstalled."""

from __future__ import annotations

from ..grants import Grants
from ..store import Record
from .demo import BOT
from .errors import SlackError
from .events import Events
from .oauth import token_body, user_part
from .workspace import Workspace


class Installation:
    """One bot token for the workspace, whoever installs, and one token for each person."""

    def __init__(self, workspace: Workspace, grants: Grants, *, events: Events) -> None:
        self._workspace = workspace
        self._grants = grants
        self._events = events

    def install(self, grant: Record) -> Record:
        """The answer of oauth.v2.access. Scopes add up over installations; none is taken away."""
        state = self._workspace.installation
        state["scopes"] = list(dict.fromkeys([*self._kept_scopes(), *grant["scopes"]]))
        token = self._bot_token(grant)
        state.update(installed=True, bot_token=token["access_token"])
        person = self._workspace.store.table("accounts")[grant["account"]]
        return {**token_body(token), "authed_user": {"id": person["id"], **self._user_token(grant)}}

    def _kept_scopes(self) -> list[str]:
        state = self._workspace.installation
        return state["scopes"] if state["installed"] else []

    def _bot_token(self, grant: Record) -> Record:
        """The same token as before while it lives, unless tokens rotate."""
        state = self._workspace.installation
        known = self._grants.find(state["bot_token"] or "")
        if known is not None and not known["revoked"] and known["lifetime"] is None:
            known["scopes"] = state["scopes"]
            return known
        return self._grants.issue(grant["account"], state["scopes"], asked=grant["asked"])

    def _user_token(self, grant: Record) -> Record:
        scopes = [scope for scope in grant["asked"].get("user_scope", "").split(",") if scope]
        if not scopes:
            return {}
        token = self._grants.issue(grant["account"], scopes, asked=grant["asked"], kind="user")
        return user_part(token)

    def caller(self, access_token: str) -> Record:
        """The live token of that name. Raises SlackError as the Web API does."""
        if not access_token:
            raise SlackError("not_authed")
        token = self._grants.find(access_token)
        standing = self._grants.standing(access_token)
        if token is None:
            raise SlackError("invalid_auth")
        if standing == "live":
            return token
        if standing == "expired":
            raise SlackError("token_expired")
        removed = token.get("uninstalled") and token["kind"] == "access"
        raise SlackError("account_inactive" if removed else "token_revoked")

    def revoke(self, tokens: list[Record]) -> list[Record]:
        """End these tokens; gives the events that tell the application whose they were."""
        living = [token for token in tokens if not token["revoked"]]
        events = [self._revoked(living)] if living and self._events.wants("tokens_revoked") else []
        for token in living:
            token["revoked"] = True
        return events

    def uninstall(self) -> list[Record]:
        """Remove the application: all tokens die. Gives the events that say so."""
        tokens = list(self._workspace.store.table("tokens").values())
        told = [{"type": "app_uninstalled"}] if self._events.wants("app_uninstalled") else []
        events = [*self.revoke(tokens), *told]
        for token in tokens:
            token["uninstalled"] = True
        self._workspace.installation.update(installed=False, bot_token=None, scopes=[])
        self._leave_all()
        return events

    def _leave_all(self) -> None:
        for channel in self._workspace.channels:
            if BOT["user"] in channel["members"]:
                channel["members"].remove(BOT["user"])

    def _revoked(self, tokens: list[Record]) -> Record:
        accounts = self._workspace.store.table("accounts")
        people = [accounts[token["account"]]["id"] for token in tokens if token["kind"] == "user"]
        bots = [BOT["user"] for token in tokens if token["kind"] == "access"]
        return {"type": "tokens_revoked", "tokens": {"oauth": people, "bot": bots}}
