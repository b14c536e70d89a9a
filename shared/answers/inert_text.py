"""Text of a model without anything an app could follow or load: no links, no pictures, no HTML.

A picture is loaded the moment it is shown, and its address can carry what the notes say to whoever planted it.
"""

import re
from collections.abc import Collection
from html import unescape

from shared.ai.clean_text import clean_text
from shared.answers.model import Span

_ROUNDS = 8
"""Taking one thing out may put another together; what is not at rest by then is thrown away."""

_SCHEME = r"[a-z][a-z0-9+.\-]{0,30}:(?://|\\\\)"
_BARE = rf"(?:{_SCHEME}|\b(?:www\d{{0,3}}\.|(?:javascript|vbscript|data|mailto|tel|sms|file|blob|intent|about):(?=\S)))"
_ADDRESS = re.compile(rf"{_BARE}\S*", re.IGNORECASE)
_PICTURE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)?|\[[^\]]*\])?")
_LINK = re.compile(r"\[([^\[\]]*)\]\s?\([^()]*(?:\([^()]*\)[^()]*)*\)?")
_REFERENCE = re.compile(r"\[([^\[\]]*)\]\s?\[[^\[\]]*\]")
_HALF = re.compile(r"!(?=\[)|\](?=\s?\()")
"""What begins a picture or joins words and address to a link, left of one that was broken."""
_DEFINITION = re.compile(r"^[ \t]*\[[^\[\]]+\]:.*$", re.MULTILINE)
_TAG = re.compile(r"<(?=[a-z/!?])(?:[^<>]*>|[^\s<>]*)", re.IGNORECASE)
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_LIVE = (_PICTURE, _LINK, _REFERENCE, _DEFINITION, _TAG, _ADDRESS)


def inert(text: str, *, known_addresses: Collection[str] = (), max_chars: int) -> str:
    """`text` on one line, without links, pictures and HTML: of a link its words stay.

    An address in `known_addresses` stays without its scheme, so that it can be read and not be followed.
    """
    defined = _DEFINITION.sub("", clean_text(unescape(text), max_chars=max_chars))
    plain = _UNSEEN.sub("", " ".join(defined.split()))
    for _ in range(_ROUNDS):
        stripped = _without_links(plain, known_addresses)
        if stripped == plain:
            stripped = _HALF.sub("", plain)
        if stripped == plain:
            return plain
        plain = stripped
    return ""


def addresses(text: str) -> frozenset[str]:
    """The addresses of web pages in a text, without their schemes."""
    return frozenset(_bare(match.group()) for match in _ADDRESS.finditer(text))


def live_spans(text: str) -> list[Span]:
    """Where a text holds what an app could follow or load."""
    return [Span(start=match.start(), end=match.end()) for live in _LIVE for match in live.finditer(text)]


def _without_links(text: str, known: Collection[str]) -> str:
    text = _TAG.sub(" ", _PICTURE.sub("", unescape(text)))
    text = _REFERENCE.sub(r"\1", _LINK.sub(r"\1", text))
    return " ".join(_ADDRESS.sub(lambda match: _shown(match.group(), known), text).split())


def _shown(address: str, known: Collection[str]) -> str:
    bare = _bare(address)
    return bare if bare in known and not _ADDRESS.search(bare) else ""


def _bare(address: str) -> str:
    return re.sub(rf"^(?:{_SCHEME})?(?:www\d{{0,3}}\.)?", "", address, flags=re.IGNORECASE).rstrip(".,;:!?)>]\"'")
