"""What people type to let us in to a chat that they run themselves, and what its links ask."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms

from idonethis.integrations.base import ChannelForm, CredentialsForm
from idonethis.integrations.kits.servers import site_in


class ChatCredentials(CredentialsForm):
    url = forms.URLField(
        label="Address",
        max_length=1000,
        assume_scheme="https",
        initial="",
        help_text="Of the server, with a token of it below; or else of an incoming webhook.",
    )
    token = forms.CharField(label="Access token", max_length=500, required=False, initial="")

    def clean(self) -> dict[str, Any]:
        """With a token, the address of the ``site``; else the ``url`` alone."""
        typed = super().clean() or {}
        if "url" not in typed:
            return typed
        if not typed.get("token"):
            return self._of_webhook(typed["url"])
        return {**self._of_server(typed.pop("url")), **typed}

    def _of_webhook(self, url: str) -> dict[str, Any]:
        if not _is_webhook(url):
            self.add_error("token", "A server lets in by a token; only webhooks do without one.")
        return {"url": url}

    def _of_server(self, url: str) -> dict[str, Any]:
        if _is_webhook(url):
            self.add_error("url", "With a token, type the address of the server alone.")
        return {"site": site_in(url)}


def _is_webhook(url: str) -> bool:
    return "/hooks/" in urlsplit(url).path


class ChatForm(ChannelForm):
    picks: ClassVar[tuple[str, ...]] = ("channel",)

    #: The address of the server, a slash, the channel's id there, and after a bar its name; with an
    #: incoming webhook, what somebody calls it.
    channel = forms.CharField(
        required=False,
        initial="",
        max_length=600,
        help_text="In which entries are posted. By a webhook: what it is called, such as “#done”.",
    )
    hears = forms.BooleanField(
        label="Log what people say there",
        required=False,
        initial=True,
        help_text="With “done”, “goal” or “blocked”. With a token, what it takes is made there by "
        "itself.",
    )

    def without_account(self) -> None:
        """Then somebody makes what it takes by hand, and for nothing else."""
        super().without_account()
        del self.fields["hears"]
