"""The files of an exported integration. What comes into code is written as a literal, and a title
holds nothing but letters, digits, blanks, dots and dashes."""

from __future__ import annotations

INTEGRATION = '''"""{title}: what it sends becomes entries, picked as somebody has picked it."""

from __future__ import annotations

from idonethis.integrations.kits.mapped import Mapped


class {camel}Webhook(Mapped):
    name = "{title}"
    category = "Anything"
    tagline = "What {title} sends becomes entries."
{data}

integration = {camel}Webhook()
'''

TEST = """from __future__ import annotations

from idonethis.integrations.testing import HookTestCase


class {camel}Test(HookTestCase):
    integration_type = "{name}"

    def test_what_was_captured_becomes_what_it_became(self):
        expected = {expected}
        drafts = [(draft.kind, draft.body) for draft in self.drafts("captured")]
        self.assertEqual(drafts, expected)

    def test_it_is_taken_as_it_is_sent(self):
        self.assertEqual(self.send("captured").status_code, 200)
"""

SETUP = """# Setting {title} up

1. Make the link here, and open its page: there are the hook address and the secret.
2. Let {title} send its webhooks, by POST, to that address.
3. Let it prove itself: with `X-Signature-256: sha256=<hex HMAC-SHA256 of the body with the secret>`
   or, if it cannot sign, with the secret itself in `X-Webhook-Token`.

Where each field stands in what it sends is known already. The settings of a link may say otherwise.

## Removing it

Delete the webhook in {title}; then remove the link here.
"""

ICON = """<svg viewBox="0 0 24 24" xmlns="http://www.w3.org/2000/svg" fill="none" \
stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" \
aria-hidden="true"><path d="M4 12h10m-4-4 4 4-4 4"/><circle cx="18" cy="12" r="2"/></svg>
"""

PACKAGE = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "idonethis-{name}"
version = "1"
dependencies = ["idonethis"]

[project.entry-points."idonethis.partners"]
{name} = "idonethis_{name}.integration"

[tool.hatch.build.targets.wheel]
packages = ["{name}"]

[tool.hatch.build.targets.wheel.sources]
"{name}" = "idonethis_{name}"
"""
