"""Somebody who looks at a page in a real browser, touches everything on it, and says what should
not be there."""

from __future__ import annotations

from idonethis.mailing.look import STYLE

LOOK = """ours => {
    const bad = []
    const schemes = ["http:", "https:", "mailto:"]
    const addresses = ["href", "src", "action", "formaction", "data", "xlink:href"]
    for (const element of document.querySelectorAll("*")) {
        for (const {name, value} of element.attributes) {
            if (/^(on|hx-on)/i.test(name)) bad.push(`${element.localName} ${name}`)
            if (!addresses.includes(name) || !URL.canParse(value, location.href)) continue
            const url = new URL(value, location.href)
            const picture = element.localName == "img" && url.href.startsWith("data:image/svg")
            if (!schemes.includes(url.protocol) && !picture)
                bad.push(`${element.localName} ${name}=${value}`)
            if (url.origin != location.origin && !picture && element.localName != "a")
                bad.push(`${element.localName} leads to ${value}`)
        }
    }
    const strange = "iframe, object, embed, base, style, math, marquee, video, audio, plaintext, " +
        "xmp, [style], meta[http-equiv], script:not([src]), svg script, animate, [srcdoc], " +
        "hx-partial"
    for (const each of document.querySelectorAll(strange)) {
        if (each.localName == "style" && each.textContent == ours) continue
        bad.push(each.outerHTML.slice(0, 200))
    }
    for (const details of document.querySelectorAll("details")) details.open = true
    for (const element of document.querySelectorAll("main *")) {
        for (const name of ["mouseover", "focus", "animationstart", "pointerenter", "toggle"])
            element.dispatchEvent(new Event(name, {bubbles: false}))
    }
    return bad
}"""
SHOWN = """() => [
    document.documentElement.textContent,
    ...[...document.querySelectorAll("input, textarea, option")].map(each => each.value),
].join(" ")"""
OLDER = """() =>
    document.querySelector('main a[href*="before="]')?.getAttribute("href")"""


class Looker:
    """Hears calls of ``taken``, dialogs, what is asked of elsewhere, and what the browser says."""

    def __init__(self, context, url: str, session: str) -> None:
        self.url, self.heard, self.shown = url, [], []
        context.add_cookies([{"name": "session", "value": session, "url": url}])
        context.expose_function("taken", lambda: self.heard.append("It ran."))
        self.page = context.new_page()
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.on("console", self._listen)
        self.page.on("request", self._follow)

    def _dismiss(self, dialog) -> None:
        self.heard.append("A dialog opened.")
        dialog.dismiss()

    def _listen(self, line) -> None:
        if any(word in line.text for word in ("Security Policy", "TrustedHTML", "Refused")):
            self.heard.append(line.text)

    def _follow(self, request) -> None:
        if not request.url.startswith((self.url, "data:image/svg+xml;")):
            self.heard.append(f"Something was asked of {request.url}")

    def __call__(self, path: str) -> list[str]:
        """What is wrong with this page."""
        self.heard.clear()
        answer = self.page.goto(self.url + path, wait_until="load")
        wrong = self.page.evaluate(LOOK, STYLE)
        self.shown.append(squeezed(self.page.evaluate(SHOWN)))
        if answer.status != 200:
            wrong.append(f"{answer.status}")
        return [f"{path}: {each}" for each in (*wrong, *self.heard)]

    def through(self, path: str) -> list[str]:
        """The same of this page and all that are older."""
        wrong = self(path)
        while older := self.page.evaluate(OLDER):
            path = older if older.startswith("/") else path.partition("?")[0] + older
            wrong += self(path)
        return wrong

    def has_seen(self, text: str) -> bool:
        return any(squeezed(text) in page for page in self.shown)


def squeezed(text: str) -> str:
    return "".join(text.split())
