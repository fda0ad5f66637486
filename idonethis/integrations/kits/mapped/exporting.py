"""What somebody has picked from what came in, as the folder of an integration of its own."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from idonethis.entries.drafts import Draft
from idonethis.integrations import registry
from idonethis.integrations.base import Hook
from idonethis.integrations.kits.mapped import written
from idonethis.integrations.kits.mapped.fields import DEFAULTS, Fields
from idonethis.integrations.kits.mapped.receives import Mapped, body_of
from idonethis.integrations.masking import masked
from idonethis.integrations.plain_link import PlainLink

JSON = {"content-type": "application/json"}
#: Of a name, in characters.
LONGEST = 38
UNNAMED = "captured"


@dataclass(frozen=True)
class Exported:
    """``name`` is that of the folder, ``title`` what people call the sender. ``fixture`` is JSON in
    which everything is masked that looks like a secret."""

    name: str
    title: str
    fields: Mapping[str, str]
    fixture: str

    @classmethod
    def of(cls, integration: Mapped, config: Mapping[str, Any], hook: Hook) -> Exported:
        """Of a link with this config, to which this hook was sent."""
        title = re.sub(r"[^\w .-]", "", str(config.get("name") or "")).strip() or UNNAMED.title()
        said = {**integration.fields, **config}
        fields = {n: str(said[n]) for n in DEFAULTS if said.get(n, DEFAULTS[n]) != DEFAULTS[n]}
        body = json.dumps(masked(body_of(hook)), ensure_ascii=False, indent=1)
        return cls(free_name(title), title, fields, f"{body}\n")

    @property
    def files(self) -> dict[str, str]:
        """By their paths in the folder."""
        names = {"title": self.title, "name": self.name, "camel": camel(self.name)}
        return {
            "__init__.py": "from __future__ import annotations\n",
            "integration.py": written.INTEGRATION.format(**names, data=self._data),
            f"test_{self.name}.py": written.TEST.format(**names, expected=self._expected),
            "fixtures/captured.json": self.fixture,
            "setup.md": written.SETUP.format(**names),
            "icon.svg": written.ICON,
        }

    @property
    def package(self) -> bytes:
        """The folder in a package that pip installs, as a ZIP file."""
        where, file = f"idonethis-{self.name}", io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(f"{where}/pyproject.toml", written.PACKAGE.format(name=self.name))
            for path, content in self.files.items():
                packed.writestr(f"{where}/{self.name}/{path}", content)
        return file.getvalue()

    @property
    def drafts(self) -> list[Draft]:
        """What the fixture becomes, with secrets masked as they are."""
        hook = Hook(self.fixture.encode(), JSON)
        found = Mapped().hook(hook, PlainLink(config=dict(self.fields)))
        return [event for event in found if isinstance(event, Draft)]

    @property
    def _expected(self) -> str:
        pairs = [f"({literal(draft.kind)}, {literal(draft.body)})" for draft in self.drafts]
        return listing(pairs, indent=8)

    @property
    def _data(self) -> str:
        """Where nothing in the body tells two deliveries apart, their own names do not either."""
        pairs = [f"{literal(name)}: {literal(where)}" for name, where in self.fields.items()]
        fields = f"    fields = {listing(pairs, around='{}', indent=4)}\n"
        named = Fields(json.loads(self.fixture), self.fields).external_id
        return fields if named else f'{fields}    delivery_header = ""\n'


def free_name(title: str) -> str:
    """The name of a folder that no integration has yet."""
    plain = slugify(title).replace("-", "_").strip("_") or UNNAMED
    name = (plain if plain[0].isalpha() else f"from_{plain}")[:LONGEST]
    return f"{name[: LONGEST - 5]}_hook" if registry.get(name) else name


def camel(name: str) -> str:
    return name.replace("_", " ").title().replace(" ", "")


def literal(text: str) -> str:
    """Text as code has it: all that JSON escapes, Python escapes alike."""
    return json.dumps(text, ensure_ascii=False)


def listing(parts: Sequence[str], *, indent: int, around: str = "[]") -> str:
    """As code, a line each."""
    margin = " " * indent
    lines = "".join(f"{margin}    {part},\n" for part in parts)
    return f"{around[0]}\n{lines}{margin}{around[1]}" if parts else around
