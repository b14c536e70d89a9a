"""Words at a seam are neither lost nor doubled, whatever is said, wherever it is cut, however times are off."""

import random
from collections.abc import Sequence
from itertools import pairwise
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.ai.capabilities import Segment, Word
from shared.enrichment.part_words import by_recording_clock, join_parts
from shared.ids import MediaId, SessionId, UserId
from shared.media.recording_part import RecordingPart, Stretch, end_in_recording, start_in_recording

OVERLAP_MS = 8_000
JITTER_MS = 300


def part(index: int, stretch: Stretch, segments: Sequence[Segment] = ()) -> RecordingPart:
    return RecordingPart(
        user_id=UserId(uuid4()),
        media_id=MediaId(uuid4()),
        session_id=SessionId(uuid4()),
        index=index,
        stretches=(stretch,),
        object_key=f"parts/{index}",
        segments=tuple(segments),
        provider="groq",
    )


def told(words: Sequence[Word], *, in_a_segment: int = 7) -> list[Segment]:
    """Words as a provider's segments, with punctuation where a segment ends."""
    segments: list[Segment] = []
    for first in range(0, len(words), in_a_segment):
        own = [
            Word(start_ms=w.start_ms, end_ms=w.end_ms, text=f"{w.text} ") for w in words[first : first + in_a_segment]
        ]
        own[-1] = Word(start_ms=own[-1].start_ms, end_ms=own[-1].end_ms, text=f"{own[-1].text.strip()}.")
        text = "".join(word.text for word in own)
        segments.append(Segment(start_ms=own[0].start_ms, end_ms=own[-1].end_ms, text=text, words=tuple(own)))
    return segments


def heard_between(said: Sequence[Word], start_ms: int, end_ms: int, chance: random.Random) -> list[Word]:
    """The words that are wholly there, each up to JITTER_MS off; in order, as a provider tells them."""
    heard: list[Word] = []
    for word in said:
        if start_ms <= word.start_ms and word.end_ms <= end_ms:
            off = chance.randint(-JITTER_MS, JITTER_MS)
            heard.append(Word(start_ms=word.start_ms + off, end_ms=word.end_ms + off, text=word.text))
    return heard


def spoken(texts: Sequence[str], chance: random.Random) -> list[Word]:
    words: list[Word] = []
    at_ms = 0
    for text in texts:
        words.append(Word(start_ms=at_ms, end_ms=at_ms + 180, text=text))
        at_ms += 180 + chance.randint(60, 400)
    return words


def texts_of(segments: Sequence[Segment]) -> list[str]:
    return [word.strip(".,") for segment in segments for word in segment.text.split()]


@st.composite
def speeches(draw: st.DrawFn) -> list[str]:
    """Words out of a small vocabulary, some of them said two or three times in a row."""
    vocabulary = [f"w{number}" for number in range(draw(st.integers(8, 60)))]
    runs = draw(st.lists(st.tuples(st.sampled_from(vocabulary), st.integers(1, 3)), min_size=60, max_size=240))
    return [word for word, times in runs for _ in range(times)]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(texts=speeches(), seed=st.integers(0, 2**32), cuts=st.lists(st.floats(0.1, 0.9), min_size=1, max_size=4))
def test_joined_words_are_those_that_were_said(texts: list[str], seed: int, cuts: list[float]) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    said = spoken(texts, chance)
    whole_ms = said[-1].end_ms
    places = [round(cut * whole_ms) for cut in sorted(cuts)]
    kept = [at for at, before in zip(places, [-(10**9), *places], strict=False) if at - before > 2 * OVERLAP_MS]
    edges = [OVERLAP_MS // 2, *kept, whole_ms + OVERLAP_MS]
    parts = []
    for index, (first, last) in enumerate(pairwise(edges)):
        stretch = Stretch(start_ms=max(0, first - OVERLAP_MS // 2), end_ms=last + OVERLAP_MS // 2)
        words = heard_between(said, stretch.start_ms, stretch.end_ms, chance)
        parts.append(part(index, stretch, told(words)))
    joined = join_parts(parts)
    assert texts_of(joined) == texts
    starts = [segment.start_ms for segment in joined]
    assert starts == sorted(starts)


def three_times_no(off_ms: int) -> tuple[list[Word], list[Word]]:
    texts = ["well", "no", "no", "no", "I", "said", "no", "no", "and", "that", "was", "it"]
    said = [Word(start_ms=400 * at, end_ms=400 * at + 200, text=text) for at, text in enumerate(texts)]
    late = [Word(start_ms=w.start_ms + off_ms, end_ms=w.end_ms + off_ms, text=w.text) for w in said]
    return said, late


def test_no_no_no_is_said_three_times_however_its_times_are_off() -> None:
    for off_ms in range(-300, 301, 100):
        first, second = three_times_no(off_ms)
        parts = [
            part(0, Stretch(start_ms=0, end_ms=3_900), told(first[:9])),
            part(1, Stretch(start_ms=800, end_ms=9_000), told(second[2:])),
        ]
        assert texts_of(join_parts(parts)) == [word.text for word in first]


def test_a_word_cut_in_two_by_the_edge_of_a_part_is_taken_from_the_other_part() -> None:
    first, second = three_times_no(50)
    fragment = Word(start_ms=3_600, end_ms=3_700, text="uh")
    parts = [
        part(0, Stretch(start_ms=0, end_ms=3_700), told([*first[:9], fragment])),
        part(1, Stretch(start_ms=700, end_ms=9_000), told([Word(start_ms=700, end_ms=790, text="oh"), *second[2:]])),
    ]
    assert texts_of(join_parts(parts)) == [word.text for word in first]


def test_hearings_without_any_word_in_common_are_parted_in_the_middle() -> None:
    first = [Word(start_ms=at, end_ms=at + 200, text=f"a{at}") for at in range(0, 8_000, 1_000)]
    second = [Word(start_ms=at, end_ms=at + 200, text=f"b{at}") for at in range(4_000, 12_000, 1_000)]
    parts = [
        part(0, Stretch(start_ms=0, end_ms=8_000), told(first)),
        part(1, Stretch(start_ms=4_000, end_ms=12_000), told(second)),
    ]
    assert texts_of(join_parts(parts)) == [
        *(f"a{at}" for at in range(0, 6_000, 1_000)),
        *(f"b{at}" for at in range(6_000, 12_000, 1_000)),
    ]


def test_a_part_in_which_nothing_is_heard_joins_like_any_other() -> None:
    words, _ = three_times_no(0)
    silent = part(1, Stretch(start_ms=4_000, end_ms=20_000))
    parts = [part(0, Stretch(start_ms=0, end_ms=6_000), told(words)), silent]
    assert texts_of(join_parts(parts)) == [word.text for word in words]
    assert join_parts([silent]) == ()


def test_parts_that_do_not_overlap_follow_one_another_to_the_letter() -> None:
    one, other = Segment(start_ms=0, end_ms=900, text="Ja, das"), Segment(start_ms=1_000, end_ms=1_900, text="是的。")
    parts = [
        part(0, Stretch(start_ms=0, end_ms=1_000), [one]),
        part(1, Stretch(start_ms=1_000, end_ms=2_000), [other]),
    ]
    assert join_parts(parts) == (one, other)


STRETCHES = (Stretch(start_ms=1_000, end_ms=3_000), Stretch(start_ms=60_000, end_ms=61_000))


@given(at_ms=st.integers(0, 2_999))
def test_times_of_a_part_are_those_of_the_recording(at_ms: int) -> None:
    expected = at_ms + 1_000 if at_ms < 2_000 else at_ms + 58_000
    assert start_in_recording(STRETCHES, at_ms) == expected


def test_what_ends_where_a_silence_was_left_out_ends_before_it() -> None:
    assert start_in_recording(STRETCHES, 2_000) == 60_000
    assert end_in_recording(STRETCHES, 2_000) == 3_000
    assert end_in_recording(STRETCHES, 99_000) == 61_000
    [segment] = by_recording_clock(STRETCHES, [Segment(start_ms=1_500, end_ms=2_000, text="so")])
    assert (segment.start_ms, segment.end_ms) == (2_500, 3_000)
