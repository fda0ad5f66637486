"""How our mails look: one block of styles, without which they read as well."""

from __future__ import annotations

import base64
import hashlib

#: No picture, nothing from elsewhere. Clients that know no dark mode get the light one.
STYLE = """
body { margin: 0; padding: 24px 16px; background: #f3f6f2; color: #14211b;
  font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 24px; background: #ffffff;
  border: 1px solid #d2dad2; border-radius: 14px; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.25; }
h2 { margin: 24px 0 4px; font-size: 16px; }
p { margin: 0 0 12px; }
ul { margin: 0 0 12px; padding: 0; list-style: none; }
li { padding: 4px 0; overflow-wrap: anywhere; }
a { color: #0f5c49; }
.done { color: #1b7044; } .goal { color: #2b58a3; } .blocked { color: #a8351a; }
.quiet { color: #47564e; font-size: 14px; }
.back { margin-top: 24px; padding-top: 16px; border-top: 1px solid #d2dad2; }
footer { max-width: 36rem; margin: 16px auto 0; color: #47564e; font-size: 13px; }
@media (prefers-color-scheme: dark) {
  body { background: #0f1613; color: #e7eee9; }
  main { background: #161f1b; border-color: #2b3833; }
  a { color: #8fd3bb; }
  .done { color: #74cf9c; } .goal { color: #93b8f5; } .blocked { color: #ff9c80; }
  .quiet, footer { color: #aebdb5; }
  .back { border-color: #2b3833; }
}
"""

#: As a policy names a block of styles: https://www.w3.org/TR/CSP3/#source-list-syntax
STYLE_HASH = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
