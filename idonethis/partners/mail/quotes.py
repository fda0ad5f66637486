"""What somebody wrote in a reply, without what their mail program added to it: the mail that they
answer, who wrote that and when, and their signature. In whatever language the program speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Beyond this a line is no line of a mail program.
LONGEST = 500
#: How many lines of text a line such as “On Monday Ada wrote:” may be folded into.
FOLDED = 4
WROTE = (
    " wrote", " schrieb", " a écrit", " escribió", " ha scritto", " escreveu", " schreef", " skrev",
    " napisał", " kirjoitti", " napsal", " írta", " yazdı", "написал", "пише", "のメール", "さんは",
    "写道", "寫道", "님이 작성",
)  # fmt: skip
COLONS = (":", "：", ": ")
SENDERS = (
    "from:", "von:", "de :", "de:", "da:", "van:", "från:", "fra:", "od:", "差出人:", "发件人:",
)  # fmt: skip
DETAILS = (
    "sent:", "gesendet:", "envoyé", "date:", "date :", "datum:", "enviado", "inviato:",
    "verzonden:", "skickat:",
    "to:", "an:", "à :", "para:", "subject:", "betreff:", "objet", "送信日時:", "宛先:",
)  # fmt: skip
#: How small programs say what they are.
SENT_FROM = (
    "sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo", "sent via ",
    "sent with ", "get outlook for ", "von meinem ", "gesendet von ", "gesendet mit ",
    "diese nachricht wurde von meinem ", "envoyé de mon ", "envoyé depuis ", "enviado desde mi ",
    "enviado do meu ", "inviato da ", "verzonden vanaf ", "télécharger outlook", "iphoneから送信",
    "ipadから送信", "outlook für ", "从我的",
)  # fmt: skip
FAREWELLS = {
    "thanks", "thank you", "thx", "cheers", "best", "regards", "best regards", "kind regards",
    "viele grüße", "liebe grüße", "beste grüße", "mit freundlichen grüßen", "lg", "vg", "mfg",
    "gruß", "danke", "cordialement", "bien à vous", "merci", "à demain", "saludos", "gracias",
    "よろしくお願いします", "よろしくお願いいたします", "以上",
}  # fmt: skip
#: After a farewell come a name and perhaps a title, not more work.
AFTER_FAREWELL = 3
#: No two dashes stand within, so that there is one way to read a line of them.
_MARKER = re.compile(
    r"-{4,40}(?:[^-]|-(?!-)){0,80}-{4,40}|_{10,}|begin forwarded message:", re.IGNORECASE
)


def own_words(text: str) -> str:
    """What is left once all that is taken out."""
    lines = [line[:LONGEST].strip() if _is_theirs(line) else line for line in text.splitlines()]
    return "\n".join(_without_farewell(_without_signature(_without_quotes(lines))))


def _is_theirs(line: str) -> bool:
    return line.lstrip().startswith((">", "|>"))


def _without_quotes(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    number = 0
    while number < len(lines):
        if _begins_old_mail(lines, number):
            break
        if length := _attribution(lines, number):
            number += length
            if not _quotes_next(lines, number):
                break
        elif not _is_theirs(lines[number]):
            kept.append(lines[number])
            number += 1
        else:
            number += 1
    return kept


def _begins_old_mail(lines: Sequence[str], number: int) -> bool:
    """Unquoted, as Outlook sends it: everything that follows is old."""
    line = lines[number].strip().lower()[:LONGEST].replace("*", "")
    if _MARKER.fullmatch(line):
        return True
    following = [each.strip().lower().replace("*", "") for each in lines[number + 1 : number + 5]]
    return line.startswith(SENDERS) and any(each.startswith(DETAILS) for each in following)


def _attribution(lines: Sequence[str], number: int) -> int:
    """How many lines from here say who wrote what is quoted; 0: these do not."""
    said = ""
    for length in range(1, FOLDED + 1):
        if number + length > len(lines) or not lines[number + length - 1].strip():
            return 0
        said = f"{said} {lines[number + length - 1].strip()}"[:LONGEST]
        if _says_who(said.strip().lower()):
            return length
    return 0


def _says_who(said: str) -> bool:
    if not said.endswith(COLONS) or not any(sign.isdigit() or sign == "@" for sign in said):
        return False
    return any(word in f" {said}" for word in WROTE) or ("@" in said and ">" in said)


def _quotes_next(lines: Sequence[str], number: int) -> bool:
    rest = (line for line in lines[number:] if line.strip())
    return _is_theirs(next(rest, ""))


def _without_signature(lines: Sequence[str]) -> list[str]:
    for number, line in enumerate(lines):
        said = line.strip().lower()
        if line.rstrip("\n") in ("-- ", "--") or said == "—" or said.startswith(SENT_FROM):
            return list(lines[:number])
    return list(lines)


def _without_farewell(lines: Sequence[str]) -> list[str]:
    for number, line in enumerate(lines):
        after = [each for each in lines[number + 1 :] if each.strip()]
        if line.strip().rstrip(",.!、。 ").lower() in FAREWELLS and len(after) <= AFTER_FAREWELL:
            return list(lines[:number])
    return list(lines)
