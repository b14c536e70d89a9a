"""From a block's text to chunks ready to be kept: draft, have `texts_to_embed` embedded, then `with_vectors`.

`embed_revisions` does both for several blocks at once, and asks for nothing that is kept already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

from shared.ai.capabilities import Embedder, Segment, Usage, Vector
from shared.search.chunking import Span, cut_into_chunks
from shared.search.model import ChunkDraft, NewChunk
from shared.search.timing import Timeline, timeline
from shared.values import frozen
from shared.when.find_times import find_times
from shared.when.model import Period


@frozen
class Revision:
    """What the chunks of a block are to be. `kept`: the hashes of those there are, by index."""

    drafts: Sequence[ChunkDraft]
    kept: Mapping[int, bytes] = field(default_factory=dict[int, bytes])

    @property
    def fresh(self) -> list[ChunkDraft]:
        """Those that are not there as they should be."""
        return [draft for index, draft in enumerate(self.drafts) if not self._is_kept(index, draft)]

    def joined(self, vectors: Iterator[Vector]) -> list[NewChunk | ChunkDraft]:
        """All of them: the fresh ones with their next vectors, the others as they are."""
        return [
            draft if self._is_kept(index, draft) else _chunk(draft, vectors) for index, draft in enumerate(self.drafts)
        ]

    def _is_kept(self, index: int, draft: ChunkDraft) -> bool:
        return self.kept.get(index) == draft.content_hash


def embed_revisions(
    embedder: Embedder, revisions: Sequence[Revision]
) -> tuple[list[list[NewChunk | ChunkDraft]], Usage | None]:
    """The chunks of each block, and what they cost; nobody is asked when nothing is fresh.

    Raises VendorDown and VendorRefused.
    """
    texts = [text for revision in revisions for text in texts_to_embed(revision.fresh)]
    if not texts:
        return [revision.joined(iter(())) for revision in revisions], None
    embedded = embedder.embed(texts)
    vectors = iter(embedded.vectors)  # in the order of the texts
    return [revision.joined(vectors) for revision in revisions], embedded.usage


def draft_chunks(text: str, segments: Sequence[Segment] = ()) -> tuple[ChunkDraft, ...]:
    """The chunks of a text, with the times of the segments it was transcribed from, if it was."""
    aligned = timeline(text, segments)
    return tuple(_draft(aligned, span) for span in cut_into_chunks(text))


def draft_note(
    text: str, segments: Sequence[Segment], *, captured_at: datetime, time_zone: str, language: str
) -> list[ChunkDraft]:
    """The same, with the periods each chunk speaks of, seen from when and where (an IANA name) it was captured."""

    def events(of_chunk: str) -> tuple[Period, ...]:
        mentions = find_times(of_chunk, captured_at=captured_at, time_zone=time_zone, language=language)
        return tuple(dict.fromkeys(mention.period for mention in mentions))

    return [replace(draft, events=events(draft.text)) for draft in draft_chunks(text, segments)]


def texts_to_embed(drafts: Sequence[ChunkDraft]) -> list[str]:
    """What the embedder must see: each chunk, followed by its moments."""
    return [text for draft in drafts for text in (draft.text, *(moment.text for moment in draft.moments))]


def with_vectors(drafts: Sequence[ChunkDraft], vectors: Sequence[Vector]) -> list[NewChunk]:
    """Join drafts with the vectors of their `texts_to_embed`. ValueError unless there is exactly one for each."""
    if len(vectors) != len(texts_to_embed(drafts)):
        raise ValueError("Each chunk and each moment needs exactly one vector.")
    rest = iter(vectors)
    return [_chunk(draft, rest) for draft in drafts]


def _chunk(draft: ChunkDraft, vectors: Iterator[Vector]) -> NewChunk:
    return NewChunk(draft=draft, vector=next(vectors), moment_vectors=tuple(next(vectors) for _ in draft.moments))


def _draft(aligned: Timeline, span: Span) -> ChunkDraft:
    start_ms, end_ms = aligned.times(span.start, span.end) or (None, None)
    moments = aligned.moments(span.start, span.end)
    # A single moment is the chunk itself: its times are already there.
    text = aligned.text[span.start : span.end]
    return ChunkDraft(text=text, start_ms=start_ms, end_ms=end_ms, moments=moments if len(moments) > 1 else ())
