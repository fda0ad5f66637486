"""How forms look: fields, errors and choices are rendered by our own templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders every form of the project with the templates in ``templates/django/forms``."""


class LineField(forms.CharField):
    """A name: of one line, whatever was pasted. With more it could pass for somebody else's words
    where it is sent on as plain text."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())


@dataclass(frozen=True)
class Option:
    """The label of one choice in a ``Picker``: a ``hint`` beside it, or why it is ``refused``."""

    label: str
    hint: str = ""
    refused: str = ""

    def __str__(self) -> str:
        return self.label


class Picker(forms.RadioSelect):
    """Radio buttons under a search box. With ``search_url`` the box asks the server, which answers
    ``components/picker_options.html``; without, it narrows the choices that are in the page."""

    template_name = "components/picker.html"

    def __init__(self, *, search_url: str = "", placeholder: str = "", **rest: Any) -> None:
        super().__init__(**rest)
        self.search_url = search_url
        self.placeholder = placeholder

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return {**context, "search_url": self.search_url, "placeholder": self.placeholder}

    def create_option(self, name: str, value: Any, label: Any, *rest: Any, **more: Any) -> Any:
        option = super().create_option(name, value, label, *rest, **more)
        if getattr(label, "refused", ""):
            option["attrs"]["disabled"] = True
        return option
