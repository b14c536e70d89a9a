"""Three hours of speech through the use cases of the pipeline: is each word heard, and what does it take.

The recording is made of words that are chords of two tones (tests/fixtures/spoken.py), with pauses, silences, and a
hum of twenty minutes in which no pause can be found. The provider is a server that really listens, so what it takes is
measured apart. Each stage runs in a process of its own, as a function would.
"""

import re
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter
from typing import TypeVar

from shared.ai.capabilities import Endpoint, Segment
from shared.ai.groq_transcriber import GroqTranscriber
from shared.enrichment.audio_probe import probe_audio
from shared.enrichment.listening import speech_ms
from shared.enrichment.loudness import measure_loudness
from shared.enrichment.part_cutting import cut_parts
from shared.enrichment.part_plan import PlannedPart, plan_parts
from shared.enrichment.part_words import by_recording_clock, join_parts
from shared.enrichment.silence import speaking_stretches
from shared.ids import MediaId, SessionId, UserId, new_id
from shared.media.recording_part import RecordingPart
from tests.fakes.whisper_like import WhisperLike
from tests.fixtures.spoken import Script, improvise, record

NAME = "long_audio"

_MINUTES = 180
_LIMIT_SECONDS = 900
_JITTER_MS = 150

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, kw_only=True)
class _Took:
    what: str
    seconds: float
    peak_mib: int


def run() -> None:
    """Print what three hours take, stage by stage."""
    script = improvise(
        minutes=_MINUTES, seed=20261121, silences=[range(1800, 2700), range(6000, 6030)], hums=[range(7200, 8400)]
    )
    with TemporaryDirectory() as folder, WhisperLike(jitter_ms=_JITTER_MS) as whisper:
        source = Path(folder) / "recording.ogg"
        source.write_bytes(record(script))
        (plan, heard_ms), cutting = _alone("probe, measure, plan, cut", _cut, source)
        parts, listening = _alone("listen to one part after the other", _listen, source.parent, plan, whisper.url)
        began = perf_counter()
        joined = join_parts(parts)
        joining = _Took(what="join", seconds=perf_counter() - began, peak_mib=_peak_mib())
        texts = [text for segment in joined for text in re.findall(r"\w+", segment.text.lower())]
        _print(
            script,
            texts,
            _worst_ms(script, joined),
            plan,
            heard_ms,
            [cutting, listening, joining],
            source.stat().st_size,
        )
        assert texts == script.texts
        assert all(took.seconds < _LIMIT_SECONDS for took in (cutting, joining))


def _alone(what: str, do: Callable[..., ResultT], *args: object) -> tuple[ResultT, _Took]:
    """Run it in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        result, seconds, peak_mib = process.submit(_measured, do, args).result()
    return result, _Took(what=what, seconds=seconds, peak_mib=peak_mib)


def _measured(do: Callable[..., ResultT], args: tuple[object, ...]) -> tuple[ResultT, float, int]:
    began = perf_counter()
    result = do(*args)
    return result, perf_counter() - began, _peak_mib()


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024


def _cut(source: Path) -> tuple[list[PlannedPart], int]:
    """As split_recording does, with a folder for a bucket."""
    with source.open("rb") as file:
        facts = probe_audio(file)
        until = monotonic() + _LIMIT_SECONDS
        levels = measure_loudness(file, facts.container, until=until)
        stretches = speaking_stretches(levels)
        plan = plan_parts(levels, stretches)
        for part in cut_parts(file, facts.container, plan, until=until):
            (source.parent / f"{part.index}.flac").write_bytes(part.data)
        return plan, speech_ms(stretches)


def _listen(folder: Path, plan: list[PlannedPart], url: str) -> list[RecordingPart]:
    """As transcribe_part does."""
    transcriber = GroqTranscriber(Endpoint(provider="groq", base_url=url, model="tones", api_key="invented"))
    return [_listened(transcriber, folder, index, part) for index, part in enumerate(plan)]


def _listened(transcriber: GroqTranscriber, folder: Path, index: int, part: PlannedPart) -> RecordingPart:
    audio = (folder / f"{index}.flac").read_bytes()
    transcript = transcriber.transcribe(audio, file_name="audio.flac", language=None)
    return RecordingPart(
        user_id=UserId(new_id()),
        media_id=MediaId(new_id()),
        session_id=SessionId(new_id()),
        index=index,
        stretches=part.stretches,
        object_key=f"parts/{index}",
        segments=by_recording_clock(part.stretches, transcript.segments),
        provider="groq",
    )


def _worst_ms(script: Script, joined: Sequence[Segment]) -> int:
    """How far the beginning of a segment is from that of its first word."""
    worst_ms, at = 0, 0
    for segment in joined:
        worst_ms = max(worst_ms, abs(segment.start_ms - script.words[at].start_ms))
        at += len(re.findall(r"\w+", segment.text))
    return worst_ms


def _print(
    script: Script,
    texts: list[str],
    worst_ms: int,
    plan: list[PlannedPart],
    heard_ms: int,
    stages: list[_Took],
    size_bytes: int,
) -> None:
    overlaps = sum(one.end_ms > other.start_ms for one, other in pairwise(plan))
    wrong = sum(one != other for one, other in zip_longest(texts, script.texts))
    print(
        f"{_MINUTES} min, {size_bytes / 1e6:.0f} MB, {len(script.words)} words; {heard_ms / 60_000:.1f} min of speech"
    )
    print(f"{len(plan)} parts, {overlaps} seams with an overlap; {len(texts)} words joined, {wrong} of them wrong")
    print(f"times of segments at most {worst_ms} ms off, with a provider that is up to {_JITTER_MS} ms off itself")
    print(f"{'stage':<40}{'seconds':>10}{'peak MiB':>10}")
    for took in stages:
        print(f"{took.what:<40}{took.seconds:>10.1f}{took.peak_mib:>10}")
