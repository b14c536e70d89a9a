import numpy as np
import pytest

from dev.samples.make_samples import SAMPLE_RATE
from dev.vendors.ai_audio import BYTES_PER_SECOND, Utterance, decode_recording, duration_seconds, utterances_of
from dev.vendors.ai_errors import ApiError
from tests.fixtures.local_ai import SAMPLES, silence, wav_of


def note_seconds(start: float, end: float) -> bytes:
    note = decode_recording((SAMPLES / "voice_note.ogg").read_bytes())
    return note[int(start * SAMPLE_RATE) * 2 : int(end * SAMPLE_RATE) * 2]


def ends(utterances: list[Utterance]) -> list[float]:
    return [utterance.start + duration_seconds(utterance.pcm) for utterance in utterances]


@pytest.mark.parametrize("extra_bytes", [0, 2, 480, 958])
def test_speech_that_goes_on_until_the_very_end_is_not_lost(extra_bytes: int) -> None:
    spoken = note_seconds(0, 3)  # a hundred frames of 30 ms, cut in the middle of a word
    utterances = utterances_of(spoken + note_seconds(3, 4)[:extra_bytes])
    assert ends(utterances) == pytest.approx([3], abs=0.06)


def test_each_sentence_of_the_note_is_an_utterance() -> None:
    assert len(utterances_of(note_seconds(0, 40))) == 8


def test_an_utterance_without_a_pause_is_cut_where_it_is_quietest() -> None:
    sentence = note_seconds(1.0, 3.5)
    utterances = utterances_of(sentence * 20)
    assert len(utterances) >= 3
    assert all(duration_seconds(utterance.pcm) <= 20 for utterance in utterances)
    assert sum(duration_seconds(utterance.pcm) for utterance in utterances) == pytest.approx(50, abs=0.5)
    assert [u.start for u in utterances[1:]] == pytest.approx(ends(utterances[:-1]))


def test_nobody_speaks_in_silence() -> None:
    assert utterances_of(decode_recording(silence(3))) == []
    assert utterances_of(b"") == []


def test_any_rate_and_any_number_of_channels_become_16_khz_mono() -> None:
    tone = np.sin(np.linspace(0, 2_000, SAMPLE_RATE)) * 8_000
    pcm = decode_recording(wav_of(tone.astype("<i2").tobytes()))
    assert len(pcm) == BYTES_PER_SECOND


def test_a_picture_is_no_recording() -> None:
    with pytest.raises(ApiError, match="could not be decoded"):
        decode_recording((SAMPLES / "picture.png").read_bytes())
