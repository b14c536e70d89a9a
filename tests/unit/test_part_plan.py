"""Where silence is, and where a long recording is cut: pure functions of how loud it is."""

import random
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from time import monotonic
from typing import Any

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.enrichment.audio_probe import probe_audio
from shared.enrichment.loudness import measure_loudness
from shared.enrichment.part_cutting import cut_parts
from shared.enrichment.part_plan import MOST_MS, OVERLAP_MS, TARGET_MS, PlannedPart, plan_parts
from shared.enrichment.silence import LONG_SILENCE_MS, MARGIN_MS, MOMENT_MS, SILENT_DBFS, speaking_stretches
from shared.media.recording_part import Stretch
from tests.fixtures.spoken import RATE, decode, hear, improvise, record

SPEECH_DBFS = -20.0


def moments(seconds: float, level: float) -> list[float]:
    return [level] * round(seconds * 1_000 / MOMENT_MS)


def speech(seconds: float, seed: int = 1) -> list[float]:
    """Levels that swell and fade like a voice, without a pause."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    return [SPEECH_DBFS - chance.uniform(0, 15) for _ in moments(seconds, 0)]


def planned(levels: Sequence[float]) -> list[PlannedPart]:
    return plan_parts(levels, speaking_stretches(levels))


def test_a_long_silence_is_left_out_but_for_its_margins() -> None:
    levels = speech(5) + moments(15, SILENT_DBFS) + speech(5)
    assert speaking_stretches(levels) == [
        Stretch(start_ms=0, end_ms=5_000 + MARGIN_MS),
        Stretch(start_ms=20_000 - MARGIN_MS, end_ms=25_000),
    ]


def test_a_silence_shorter_than_ten_seconds_stays() -> None:
    levels = speech(5) + moments(LONG_SILENCE_MS / 1_000 - MOMENT_MS / 1_000, SILENT_DBFS) + speech(5)
    assert len(speaking_stretches(levels)) == 1


@pytest.mark.parametrize(
    "levels",
    [[], moments(60, SILENT_DBFS), moments(60, -60.0), [-62.0, -60.5] * 600, [SILENT_DBFS] * 200 + [-10.0]],
    ids=["nothing", "digital silence", "steady faint noise", "faint noise that wavers a little", "one click"],
)
def test_what_holds_no_voice_is_silent(levels: list[float]) -> None:
    assert speaking_stretches(levels) == []


@pytest.mark.parametrize(
    "levels",
    [moments(0.2, -70.0), moments(60, -30.0), [-66.0, -48.0] * 600, moments(20, -74.0) + speech(0.2)],
    ids=["one faint word", "a steady loud tone", "a whisper", "one word at the end of a silence"],
)
def test_every_doubt_counts_as_speech(levels: list[float]) -> None:
    assert speaking_stretches(levels)


def test_a_recording_is_cut_in_the_pause_nearest_to_eight_minutes() -> None:
    levels = speech(430) + moments(0.6, -60.0) + speech(60) + moments(0.4, -60.0) + speech(300)
    first, second = planned(levels)
    assert first.end_ms == second.start_ms == pytest.approx(490_800, abs=MOMENT_MS)


def test_where_nobody_draws_breath_both_parts_hear_the_seam() -> None:
    first, second = planned(speech(900))
    assert first.end_ms - second.start_ms == OVERLAP_MS
    assert second.end_ms == 900_000


def test_a_part_ends_at_a_silence_rather_than_inside_speech() -> None:
    levels = speech(300) + moments(60, SILENT_DBFS) + speech(400) + moments(60, SILENT_DBFS) + speech(100)
    first, second = planned(levels)
    assert [len(first.stretches), len(second.stretches)] == [1, 2]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    stretches=st.lists(
        st.tuples(st.integers(1, 2_000), st.sampled_from([0.1, 0.4, 2, 11, 400])), min_size=1, max_size=12
    ),
    seed=st.integers(0, 99),
)
def test_parts_hold_all_speech_in_order_and_none_is_too_long(stretches: list[tuple[int, float]], seed: int) -> None:
    levels = [level for said, silent in stretches for level in speech(said, seed) + moments(silent, SILENT_DBFS)]
    parts = planned(levels)
    heard = [stretch for part in parts for stretch in part.stretches]
    assert all(0 < part.length_ms <= MOST_MS for part in parts)
    for before, after in pairwise(heard):
        assert before.start_ms < after.start_ms
        assert before.end_ms < after.end_ms
        assert after.start_ms - before.end_ms in {0, -OVERLAP_MS} or after.start_ms - before.end_ms > 5_000
    covered = {at for stretch in heard for at in range(stretch.start_ms // MOMENT_MS, stretch.end_ms // MOMENT_MS)}
    assert {at for at, level in enumerate(levels) if level > SILENT_DBFS} <= covered
    assert len(parts) <= 1 + sum(stretch.length_ms for stretch in heard) // (TARGET_MS // 2)


@pytest.mark.parametrize("extension", ["ogg", "flac", "mp3"])
def test_what_is_cut_out_is_what_was_recorded_there(extension: str) -> None:
    script = improvise(minutes=0.5, seed=2)
    file = BytesIO(record(script, extension))
    facts = probe_audio(file)
    plan = [
        PlannedPart(stretches=(Stretch(start_ms=0, end_ms=4_000), Stretch(start_ms=10_000, end_ms=16_000))),
        PlannedPart(stretches=(Stretch(start_ms=14_000, end_ms=29_000),)),
    ]
    for part in cut_parts(file, facts.container, plan, until=monotonic() + 60):
        samples = decode(part.data)
        assert len(samples) == part.plan.length_ms * RATE // 1_000
        offset_ms, expected = 0, list[str]()
        for stretch in part.plan.stretches:
            expected += [
                word.text
                for word in script.words
                if stretch.start_ms + 100 <= word.start_ms and word.start_ms + 260 <= stretch.end_ms
            ]
            offset_ms += stretch.length_ms
        texts = iter(word.text for word in hear(samples))
        assert all(text in texts for text in expected)


def test_a_gap_in_the_clock_is_heard_as_silence_of_its_length() -> None:
    whole = measure_loudness_of(record(improvise(minutes=0.2, seed=1), "ogg"))
    late = measure_loudness_of(with_gap(record(improvise(minutes=0.2, seed=1), "ogg"), after=3.0, seconds=20.0))
    assert len(late) == pytest.approx(len(whole) + 20_000 // MOMENT_MS, abs=2)
    assert set(late[4_000 // MOMENT_MS : 22_000 // MOMENT_MS]) == {SILENT_DBFS}
    assert audible(whole) <= audible(late) <= 1.25 * audible(whole)  # a word may lie across one moment more


def audible(levels: Sequence[float]) -> int:
    return sum(level > -50 for level in levels)


def with_gap(data: bytes, *, after: float, seconds: float) -> bytes:
    """The same recording as if the phone had slept for so long."""
    written = BytesIO()
    with av.open(BytesIO(data), "r", format="ogg") as source, av.open(written, "w", format="matroska") as target:
        stream: Any = source.streams.audio[0]
        copy = target.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.pts is None:
                continue
            if packet.pts * stream.time_base >= after:
                packet.pts = packet.dts = packet.pts + round(seconds / stream.time_base)
            packet.stream = copy
            target.mux(packet)
    return written.getvalue()


def measure_loudness_of(data: bytes) -> list[float]:
    file = BytesIO(data)
    return list(measure_loudness(file, probe_audio(file).container, until=monotonic() + 60))
