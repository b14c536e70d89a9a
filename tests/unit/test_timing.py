"""The second at which something was said, before and after a correction."""

import time

from hypothesis import given
from hypothesis import strategies as st

from shared.ai.capabilities import Segment
from shared.search.model import Moment
from shared.search.timing import timeline

_SEGMENTS = (
    Segment(start_ms=0, end_ms=4_000, text="The boiler is making that noise again."),
    Segment(start_ms=4_000, end_ms=9_500, text="Ask the plumber for a price before Friday."),
    Segment(start_ms=9_500, end_ms=15_000, text="And the invoice goes to Marta in accounting."),
)
_TRANSCRIPT = " ".join(segment.text for segment in _SEGMENTS)


def _times(text: str, part: str) -> tuple[int, int] | None:
    start = text.index(part)
    return timeline(text, _SEGMENTS).times(start, start + len(part))


def test_a_stretch_of_the_transcript_has_the_times_of_its_segments() -> None:
    assert _times(_TRANSCRIPT, "plumber for a price") == (4_000, 9_500)
    assert _times(_TRANSCRIPT, "again. Ask") == (0, 9_500)
    assert _times(_TRANSCRIPT, _TRANSCRIPT) == (0, 15_000)


def test_a_corrected_word_leaves_the_times_of_the_others() -> None:
    corrected = _TRANSCRIPT.replace("Marta", "Martha").replace("boiler", "big old boiler")
    assert _times(corrected, "the invoice goes") == (9_500, 15_000)
    assert _times(corrected, "noise") == (0, 4_000)
    assert _times(corrected, "Martha") is None


def test_a_removed_segment_moves_nothing_else() -> None:
    text = f"{_SEGMENTS[0].text} {_SEGMENTS[2].text}"
    assert _times(text, "invoice") == (9_500, 15_000)


def test_a_text_that_was_never_said_has_no_times() -> None:
    made_up = timeline("Nothing like that was ever mentioned", _SEGMENTS)
    assert made_up.times(0, 36) is None
    assert made_up.moments(0, 36) == ()


def test_without_segments_there_are_no_times() -> None:
    assert timeline("Buy milk", ()).times(0, 8) is None


def test_moments_follow_the_segments_of_a_stretch() -> None:
    start, end = _TRANSCRIPT.index("boiler"), _TRANSCRIPT.index(" Marta")
    assert timeline(_TRANSCRIPT, _SEGMENTS).moments(start, end) == (
        Moment(text="boiler is making that noise again.", start_ms=0, end_ms=4_000),
        Moment(
            text="Ask the plumber for a price before Friday. And the invoice goes to",
            start_ms=4_000,
            end_ms=15_000,
        ),
    )


def test_a_word_put_in_belongs_to_the_moment_before_it() -> None:
    text = _TRANSCRIPT.replace("again.", "again, dreadfully.")
    moments = timeline(text, _SEGMENTS).moments(0, len(text))
    assert [moment.start_ms for moment in moments] == [0, 4_000, 9_500]
    assert moments[0].text.endswith("dreadfully.")


def test_a_very_short_segment_joins_the_next() -> None:
    segments = (
        Segment(start_ms=0, end_ms=500, text="Right."),
        Segment(start_ms=500, end_ms=5_000, text="The garage door needs new springs."),
        Segment(start_ms=5_000, end_ms=5_400, text="Yes."),
    )
    text = " ".join(segment.text for segment in segments)
    assert timeline(text, segments).moments(0, len(text)) == (Moment(text=text, start_ms=0, end_ms=5_400),)


@given(
    st.lists(st.text(st.sampled_from("ab \n"), max_size=12), max_size=20),
    st.text(st.sampled_from("abc \n"), max_size=200),
)
def test_times_never_leave_the_recording(texts: list[str], text: str) -> None:
    segments = [Segment(start_ms=at * 1000, end_ms=(at + 1) * 1000, text=said) for at, said in enumerate(texts)]
    aligned = timeline(text, segments)
    times = aligned.times(0, len(text))
    assert times is None or 0 <= times[0] < times[1] <= len(texts) * 1000
    starts = [moment.start_ms for moment in aligned.moments(0, len(text))]
    assert starts == sorted(starts)


def test_a_two_hour_transcript_with_one_correction_is_aligned_quickly() -> None:
    segments = [Segment(start_ms=at, end_ms=at + 1, text="the same five words again") for at in range(5_000)]
    text = " ".join(segment.text for segment in segments)
    middle = len(text) // 2
    started = time.perf_counter()
    assert timeline(text[:middle] + "X" + text[middle:], segments).times(0, len(text)) == (0, 5_000)
    assert time.perf_counter() - started < 5


def test_a_transcript_replaced_as_a_whole_is_given_up_quickly() -> None:
    segments = [Segment(start_ms=at, end_ms=at + 1, text="a b " * 10) for at in range(1_000)]
    started = time.perf_counter()
    timeline("b a a " * 7_000, segments)
    assert time.perf_counter() - started < 5
