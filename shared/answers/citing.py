"""From a quote's place in a chunk to its place in the recording."""

from shared.answers.model import Citation, Source, Span
from shared.search.timing import timeline


def cite(source: Source, span: Span) -> Citation:
    """Where the quote stands. Times are those of the segments it was said in, else the moment the search had found."""
    block = source.block
    start_ms, end_ms = _times(source, span)
    return Citation(
        session_id=block.session_id,
        block_id=block.id,
        media_id=block.media_id,
        quote=source.text[span.start : span.end],
        start_ms=start_ms,
        end_ms=end_ms,
        captured_at=block.captured_at,
    )


def _times(source: Source, span: Span) -> tuple[int | None, int | None]:
    text, segments = source.block.text_content or "", source.block.segments
    at = text.find(source.text)
    said = timeline(text, segments).times(at + span.start, at + span.end) if segments and at >= 0 else None
    return said or (source.start_ms, source.end_ms)
