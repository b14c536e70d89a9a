"""From a block's text to chunks ready to be kept: draft, have `texts_to_embed` embedded, then `with_vectors`."""

from collections.abc import Iterator, Sequence

from shared.ai.capabilities import Segment
from shared.search.chunking import Span, cut_into_chunks
from shared.search.model import ChunkDraft, NewChunk, Vector
from shared.search.timing import Timeline, timeline


def draft_chunks(text: str, segments: Sequence[Segment] = ()) -> tuple[ChunkDraft, ...]:
    """The chunks of a text, with the times of the segments it was transcribed from, if it was."""
    aligned = timeline(text, segments)
    return tuple(_draft(aligned, span) for span in cut_into_chunks(text))


def texts_to_embed(drafts: Sequence[ChunkDraft]) -> list[str]:
    """What the embedder must see: each chunk, followed by its moments."""
    return [text for draft in drafts for text in (draft.text, *(moment.text for moment in draft.moments))]


def with_vectors(drafts: Sequence[ChunkDraft], vectors: Sequence[Vector]) -> list[NewChunk]:
    """Join drafts with the vectors of their `texts_to_embed`. ValueError unless there is exactly one for each."""
    if len(vectors) != len(texts_to_embed(drafts)):
        raise ValueError("Each chunk and each moment needs exactly one vector.")
    return list(_joined(drafts, iter(vectors)))


def _joined(drafts: Sequence[ChunkDraft], vectors: Iterator[Vector]) -> Iterator[NewChunk]:
    for draft in drafts:
        yield NewChunk(draft=draft, vector=next(vectors), moment_vectors=tuple(next(vectors) for _ in draft.moments))


def _draft(aligned: Timeline, span: Span) -> ChunkDraft:
    start_ms, end_ms = aligned.times(span.start, span.end) or (None, None)
    moments = aligned.moments(span.start, span.end)
    # A single moment is the chunk itself: its times are already there.
    text = aligned.text[span.start : span.end]
    return ChunkDraft(text=text, start_ms=start_ms, end_ms=end_ms, moments=moments if len(moments) > 1 else ())
