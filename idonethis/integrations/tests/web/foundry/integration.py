from __future__ import annotations

from datetime import datetime

import orjson
from django import forms

from idonethis.integrations.base import (
    Account,
    Actor,
    Backfills,
    Choice,
    Draft,
    Hmac,
    Hook,
    LinkForm,
    Needed,
    NeedsPermission,
    OAuth2,
    PastPage,
    Registers,
    Sends,
    StandingHook,
)


class FoundryForm(LinkForm):
    picks = ("forge",)

    forge = forms.CharField(max_length=80, help_text="Where the iron is cast.")
    metals = forms.MultipleChoiceField(
        label="What becomes an entry",
        choices=[("iron", "Iron castings"), ("brass", "Brass castings")],
        initial=["iron"],
        widget=forms.CheckboxSelectMultiple,
    )


class Foundry(Registers, Backfills, Sends):
    integration_type = "foundry"
    name = "Foundry"
    category = "Making"
    tagline = "Castings become dones."
    link_form = FoundryForm
    oauth = OAuth2(
        authorize_url="{web}/authorize",
        token_url="{web}/token",
        scopes=("castings", "hooks"),
        scope_separator=",",
    )
    needs = (Needed("FLOOR", "Floor", "On the door."),)
    reads = ("your forges, to pick one",)
    writes = ("one webhook in each forge that you link",)
    signature = Hmac("x-foundry-signature")
    delivery_header = "x-foundry-delivery"

    def __init__(self, url=""):
        self.addresses = {"web": url, "api": f"{url}/api"}

    def subject(self, config):
        return config.get("forge", "")

    def summary(self, link):
        metals = " and ".join(link.config.get("metals") or ["nothing"])
        return f"Castings of {metals} become dones."

    def revoke(self, secrets, client, *, client_id):
        client.call("DELETE", "/grant", json={"access_token": secrets["access_token"]})

    def identify(self, token, client):
        me = client.get("/me").json
        secrets = {"access_token": token["access_token"]}
        return Account(me["id"], me["login"], scopes=("castings",), secrets=secrets)

    def choices(self, field, query, client):
        found = client.get("/forges", params={"q": query}).json
        return [
            Choice(f["name"], f["name"], barred=f.get("barred", ""), hint=f.get("hint", ""))
            for f in found
        ]

    def check(self, config, client):
        if config["forge"] == "ada/cold":
            raise NeedsPermission("The forge ada/cold is not lit. Light it first.")

    def create_hook(self, client, subject, *, url, secret, remote_id):
        said = {"id": remote_id, "forge": subject, "url": url, "secret": str(secret)}
        return client.post("/hooks", json=said).json["id"]

    def standing_hook(self, client, subject, *, url, remote_id):
        made = client.get("/hooks", params={"url": url, "id": remote_id}).json
        facts = ("url", "active", "is_refused")
        found = [StandingHook(name, **{f: h[f] for f in facts}) for name, h in made.items()]
        return next(iter(found), None)

    def destroy_hook(self, client, subject, *, url, remote_id):
        made = client.get("/hooks", params={"url": url, "id": remote_id}).json
        for name in [remote_id] if remote_id else made:
            client.delete(f"/hooks/{name}")

    def hooks_page(self, subject):
        return f"{self.address('web')}/{subject}/hooks"

    def hook(self, hook, link):
        said = hook.json
        at = datetime.fromisoformat(said["at"]) if "at" in said else None
        who = Actor(said["who"], said["login"])
        yield Draft(body=said["body"], key=said["id"], actor=who, occurred_at=at)

    def past(self, client, link, *, since, cursor):
        said = client.get("/castings", params={"from": cursor.get("from", 0)}).json
        hooks = tuple(Hook(orjson.dumps(each)) for each in said["castings"])
        more = {"from": said["next"]} if said["next"] else None
        return PastPage(hooks, more, seen=len(hooks), total=said["total"])

    def deliver(self, entry, link, client):
        return client.post("/posts", json={"body": entry.body}).json["id"]

    def update(self, entry, link, client, *, reference):
        client.patch(f"/posts/{reference}", json={"body": entry.body})

    def retract(self, link, client, *, reference):
        client.delete(f"/posts/{reference}")


integration = Foundry()
