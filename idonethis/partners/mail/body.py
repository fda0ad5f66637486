"""The words of a mail, however they are packed."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage, Message

from idonethis.partners.mail.html import Words
from idonethis.partners.mail.quotes import own_words

#: Parts that are looked at, and characters of a text: more is no reply.
MOST_PARTS, LONGEST = 100, 200_000


def words(message: EmailMessage) -> str:
    """What its sender wrote. Flowed text says where its lines end; other plain text does not, since
    mail programs break what is long; so HTML goes before that."""
    texts = {part.get_content_type(): part for part in reversed(list(_texts(message)))}
    plain, html = texts.get("text/plain"), texts.get("text/html")
    if plain and (_is_flowed(plain) or not html):
        text = own_words(_unflowed(plain) if _is_flowed(plain) else _text(plain))
        return text if text.strip() or not html else own_words(Words.of(_text(html)))
    return own_words(Words.of(_text(html))) if html else ""


def attachments(message: EmailMessage) -> int:
    return sum(1 for part in _parts(message) if _is_attached(part))


def _texts(message: EmailMessage) -> Iterator[Message]:
    for part in _parts(message):
        if part.get_content_type() in ("text/plain", "text/html") and not _is_attached(part):
            yield part


def _parts(message: EmailMessage) -> Iterator[Message]:
    """Not those of a mail that is attached: they are somebody else's words."""
    waiting: list[Message] = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = [each for each in inner if isinstance(each, Message)]
        else:
            yield part


def _is_attached(part: Message) -> bool:
    said = str(part.get("content-disposition", "")).strip().lower()
    is_text = part.get_content_maintype() == "text"
    return said.startswith("attachment") or bool(part.get_filename()) or not is_text


def _text(part: Message) -> str:
    """As its charset says; where that is wrong or unknown, as most likely meant."""
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return raw.decode(charset)[:LONGEST].replace("\r\n", "\n")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return raw.decode("latin-1")[:LONGEST].replace("\r\n", "\n")


def _is_flowed(part: Message) -> bool:
    return str(part.get_param("format", "")).lower() == "flowed"


def _unflowed(part: Message) -> str:
    """Lines that end in a space go on in the next: https://www.rfc-editor.org/rfc/rfc3676#section-4"""
    joined = str(part.get_param("delsp", "")).lower() == "yes"
    said, goes_on = [""], False
    for line in _text(part).split("\n"):
        quoted, line = line.startswith(">"), line.removeprefix(" ")
        said[-1:] = [said[-1] + line] if goes_on and not quoted else [said[-1], line]
        goes_on = line.endswith(" ") and line != "-- " and not quoted
        if goes_on and joined:
            said[-1] = said[-1][:-1]
    return "\n".join(said)
