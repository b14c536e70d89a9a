"""Sentences of a text, by their places."""

import re

from shared.answers.model import Span

# A mark with its closing quotes that a space, or something without width, follows; a full-width mark; a line's end.
_END = re.compile(r"[.!?…]['\"”’)\]]*+(?=[\s\u200b-\u200f\u2060\ufeff<])|[。！？]|(?<=\S)(?=[^\S\n]*+\n)")  # noqa: RUF001 - full-width on purpose


def sentences_of(text: str) -> tuple[Span, ...]:
    """Every sentence, without the white space around it. "e.g. this" is two: they are to judge by, not to show."""
    spans: list[Span] = []
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[start:end]
        if piece.strip():
            spans.append(Span(start=start + len(piece) - len(piece.lstrip()), end=start + len(piece.rstrip())))
        start = end
    return tuple(spans)


def around(text: str, span: Span) -> str:
    """The sentences that a stretch of a text has part in."""
    touched = [sentence for sentence in sentences_of(text) if sentence.overlaps(span)]
    return text[touched[0].start : touched[-1].end] if touched else text[span.start : span.end]
