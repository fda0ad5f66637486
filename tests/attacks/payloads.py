"""Texts that become a program where somebody forgets to escape them: each thing that can run, after
each way out of where a text may stand, and in the addresses that can be one."""

from __future__ import annotations

#: What a page would do that is taken in: it calls what the tests listen to.
DOES = "taken()"

#: Things that run by themselves, or at a touch.
RUN = [
    f"<script>{DOES}</script>",
    f"<img src=x onerror={DOES}>",
    f"<svg onload={DOES}>",
    f"<svg><script>{DOES}</script></svg>",
    f"<svg><animate onbegin={DOES} attributeName=x dur=1s>",
    f"<math><a xlink:href=javascript:{DOES}>x</a></math>",
    f"<iframe srcdoc='<script>parent.{DOES}</script>'></iframe>",
    f"<iframe src=javascript:parent.{DOES}></iframe>",
    f"<details open ontoggle={DOES}>x</details>",
    f"<input autofocus onfocus={DOES}>",
    f"<video><source onerror={DOES}></video>",
    f"<audio src=x onerror={DOES}>",
    f"<object data=javascript:{DOES}></object>",
    f"<embed src=javascript:{DOES}>",
    f"<body onload={DOES}>",
    f"<marquee onstart={DOES}>x</marquee>",
    f"<form action=javascript:{DOES}><button>Save</button></form>",
    f"<button formaction=javascript:{DOES}>Save</button>",
    f"<a href=javascript:{DOES}>x</a>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0; url=https://evil.example/'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<img src=https://evil.example/pixel.png>",
    f"<div hx-get=/accounts/logout/ hx-trigger=load hx-on:load='{DOES}'>x</div>",
    f"<hx-partial hx-target=#main><script>{DOES}</script></hx-partial>",
]
#: Ways out of a text, an attribute, a title, a field, a comment, a script, a style.
OUT = ["", '">', "'>", "</title>", "</textarea>", "-->", "</script>", "]]>", "`>"]
#: Attributes, for whoever got out of a value but not out of its tag.
ATTRIBUTES = [
    f'" onmouseover="{DOES}',
    f"' onmouseover='{DOES}",
    f'" autofocus onfocus="{DOES}',
    f'" style="animation:x" onanimationstart="{DOES}',
    f'x" hx-on:click="{DOES}" data-x="',
    f'" formaction="javascript:{DOES}',
    f"` onmouseover=`{DOES}",
    '" style="position:fixed;inset:0;background:red',
]
#: Addresses that run.
ADDRESSES = [
    f"javascript:{DOES}",
    f"JaVaScRiPt:{DOES}",
    f" javascript:{DOES}",
    f"\x01javascript:{DOES}",
    f"java\nscript:{DOES}",
    f"java\tscript:{DOES}",
    f"java\r\nscript:{DOES}",
    f"javascript\t:{DOES}",
    f"javascript://evil.example/%0a{DOES}",
    f"https://evil.example/\njavascript:{DOES}",
    f"&#106;avascript:{DOES}",
    f"&#x6A;avascript&colon;{DOES}",
    f"data:text/html,<script>{DOES}</script>",
    f"data:text/html;base64,PHNjcmlwdD4{DOES}",
    f"vbscript:{DOES}",
    f"blob:https://evil.example/{DOES}",
    f"view-source:javascript:{DOES}",
    f"feed:javascript:{DOES}",
    f"//evil.example/<script>{DOES}</script>",
    f'https://evil.example/"onmouseover="{DOES}',
    f"https://evil.example/'onmouseover='{DOES}",
    f"https://evil.example/<script>{DOES}</script>",
    f"https://evil.example/?x=`onmouseover=`{DOES}",
    f"http://[javascript:{DOES}]/",
    f"mailto:x@evil.example?subject=<script>{DOES}</script>",
    f'mailto:"onmouseover={DOES}"@evil.example',
    f"ftp://evil.example/{DOES}",
    f"[click](javascript:{DOES})",
    f"<javascript:{DOES}|click>",
    f"<https://evil.example|javascript:{DOES}>",
]
#: What means something to a template, a tag, a name, or nothing at all.
ODD = [
    "{{7*7}}", "{% load static %}", "{{request.user.password}}", "${7*7}", "<%= 7*7 %>",
    f"#tag\"onmouseover={DOES}", f"#<script>{DOES}</script>", f"@ada<script>{DOES}</script>",
    f"\u202e<script>{DOES}</script>", f"<scr\0ipt>{DOES}</scr\0ipt>", "#{7*7}",
    f"<scr<script>ipt>{DOES}</script>", f"<SCRIPT/x>{DOES}</SCRIPT>", f"＜b＞{DOES}＜/b＞",
    f"<script\n>{DOES}</script\n>", f"<<script>{DOES}//<</script>",
    f"<img/src='x'/onerror={DOES}>", f"<img src=x onerror\n=\n{DOES}>",
    f"&lt;script&gt;{DOES}&lt;/script&gt;", f"%3Cscript%3E{DOES}%3C/script%3E",
    f"\\u003cscript\\u003e{DOES}", f"+ADw-script+AD4-{DOES}+ADw-/script+AD4-",
    f"<noscript><p title=\"</noscript><img src=x onerror={DOES}>\">",
    f"<xmp><p title=\"</xmp><svg onload={DOES}>\">", f"<!--><script>{DOES}</script>-->",
    f"<?xml version=1?><script>{DOES}</script>", f"<template><script>{DOES}",
    f"<a id=toast><a id=toast name=content>{DOES}", "<form id=main><input name=children></form>",
    "<img name=body>", "</body></html>", "<plaintext>",
]  # fmt: skip


def payloads() -> list[str]:
    """About two hundred: each thing that runs after one or more of the ways out, and the rest."""
    crossed = [
        f"{out}{run}"
        for number, run in enumerate(RUN)
        for turn, out in enumerate(OUT)
        if turn == 0 or (turn + number) % 2 == 0
    ]
    return [*crossed, *ATTRIBUTES, *ADDRESSES, *ODD]
