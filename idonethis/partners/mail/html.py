"""The text of a mail that is written in HTML, without the mail that it answers."""

from __future__ import annotations

from html.parser import HTMLParser

BREAKS = {"p", "div", "br", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "hr", "pre"}
UNSEEN = {"style", "script", "head", "title", "blockquote"}
EMPTY = {"br", "hr", "img", "meta", "link", "input", "base", "wbr", "col", "area"}
#: How mail programs mark what is not of the person, by class or id.
MARKED = {
    "gmail_quote", "gmail_quote_container", "gmail_attr", "gmail_signature", "moz-cite-prefix",
    "moz-signature", "yahoo_quoted", "protonmail_quote", "protonmail_signature_block", "signature",
    "ms-outlook-mobile-signature", "ms-outlook-ios-signature",
}  # fmt: skip
#: From here on everything is the old mail.
OLD = {"divrplyfwdmsg", "appendonsend", "reply-intro", "olk_src_body_section"}


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._said: list[str] = []
        self._hidden: list[str] = []
        self._is_over = False

    @classmethod
    def of(cls, html: str) -> str:
        words = cls()
        words.feed(html)
        words.close()
        lines = "".join(words._said).splitlines()
        return "\n".join(" ".join(line.split()) for line in lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {
            name.lower()
            for key, value in attrs
            if key in ("class", "id")
            for name in (value or "").split()
        }
        self._is_over = self._is_over or bool(named & OLD)
        if tag in BREAKS:
            self._say("\n")
        hides = tag in UNSEEN or bool(named & MARKED)
        if tag not in EMPTY and (self._hidden or hides):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        elif tag in BREAKS:
            self._say("\n")

    def handle_data(self, data: str) -> None:
        self._say(data.replace("\r", " ").replace("\n", " "))

    def _say(self, text: str) -> None:
        if not self._hidden and not self._is_over:
            self._said.append(text)
