"""What posts of entries have in common, wherever they stand: which of them a link wants, and what
they say before a partner's own way of writing is put on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from idonethis.entries.models import Entry
from idonethis.entries.text import one_line
from idonethis.integrations.terms import LinkForm

KINDS = {"done": "Dones", "goal": "Goals", "blocked": "Blockers"}
#: By kind and whether it is completed: a sign for who looks, a word for who listens.
WORDS = {
    ("done", False): ("✅", "Done"),
    ("goal", False): ("🎯", "Goal"),
    ("goal", True): ("🏁", "Goal reached"),
    ("blocked", False): ("🚧", "Blocker"),
    ("blocked", True): ("🏁", "Blocker out of the way"),
}
#: Between a sign that calls people and what it is put before: it shows nowhere.
UNSEEN = "\u200b"
#: What no address needs, and what partners take for signs of their own.
HARMLESS = str.maketrans({"<": "%3C", ">": "%3E", "|": "%7C", " ": "%20", "`": "%60", "\\": "%5C"})


class PostsForm(LinkForm):
    kinds = forms.MultipleChoiceField(
        label="What is posted there",
        choices=list(KINDS.items()),
        initial=list(KINDS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    #: What is asked of posts alone.
    posting: ClassVar[tuple[str, ...]] = ("kinds",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """It is asked last: first one says where."""
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "kinds"])

    def without_account(self) -> None:
        """Then nothing is posted."""
        for name in self.posting:
            field = self.fields[name]
            field.disabled, field.initial, field.widget = True, [], forms.MultipleHiddenInput()
            self.initial[name] = []


class ChannelForm(PostsForm):
    """For partners at which the account itself leads to one channel."""

    channel = forms.CharField(
        required=False,
        initial="",
        max_length=80,
        help_text="What it is called there, such as “#done”, so that people here recognise it.",
    )


class CredentialsForm(forms.Form):
    """What a person types in place of a consent page. It is a secret, all of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class AddressForm(CredentialsForm):
    """The address of an incoming webhook, which lets in whoever knows it."""

    url = forms.URLField(label="Webhook address", max_length=1000, assume_scheme="https")


def posts(kind: str, config: Mapping[str, Any]) -> bool:
    """Whether a link with this config posts entries of this kind."""
    return kind in config.get("kinds", KINDS)


def posted(config: Mapping[str, Any]) -> str:
    """Which they are, in words; nothing, where none are."""
    kinds = [name.lower() for kind, name in KINDS.items() if posts(kind, config)]
    return "dones, goals and blockers" if len(kinds) == 3 else " and ".join(kinds)


@dataclass(frozen=True)
class Message:
    """An entry, in the parts of which a post is made. All of it is text of people, but the sign and
    the word."""

    sign: str
    word: str
    who: str
    body: str
    url: str
    label: str

    @classmethod
    def of(cls, entry: Entry) -> Message:
        sign, word = WORDS.get((entry.kind, bool(entry.completed_on)), WORDS["done", False])
        who, label = one_line(str(entry.user)), one_line(entry.origin_label or "") or "Open"
        return cls(sign, word, who, entry.body, entry.url.translate(HARMLESS), label)

    @property
    def plain(self) -> str:
        """For partners that take text as text."""
        lines = [f"{self.sign} {self.word} · {self.who}", self.body, self.url]
        return "\n".join(line for line in lines if line)


def in_markdown(text: str) -> str:
    """Text of people as Markdown shows it, letter for letter; addresses of the web as they are."""
    return re.sub(
        r"(https?://[^\s\\\[\]()<>`*|]+)|([\\*_~`|>#\[\]()<!-])",
        lambda found: found[1] or f"\\{found[2]}",
        text,
    )


def calling_nobody(text: str) -> str:
    """The same to the eye, but no sign in it calls anybody."""
    return text.replace("@", f"@{UNSEEN}")


def shortened(text: str, most: int) -> str:
    """As much of it as a partner takes, in characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
