import random
from collections.abc import Iterator
from io import BytesIO
from time import monotonic

import pytest

from shared.enrichment.audio_file import recognise
from shared.enrichment.audio_probe import MAX_DURATION_MS, AudioFacts, probe_audio
from shared.enrichment.audio_repack import aac_to_m4a
from shared.enrichment.model import MediaRejected
from tests.fixtures.recordings import WAYS, recording, silent_film, sparse_recording

PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://169.254.169.254/latest/meta-data\n#EXT-X-ENDLIST\n"


def probed(data: bytes) -> AudioFacts:
    return probe_audio(BytesIO(data))


def reason(data: bytes) -> str:
    with pytest.raises(MediaRejected) as rejected:
        probed(data)
    return rejected.value.exact_code


@pytest.mark.parametrize("extension", WAYS)
def test_a_recording_is_known_by_its_bytes_and_measured(extension: str) -> None:
    facts = probed(recording(extension, seconds=2))
    assert facts.extension == extension
    assert facts.duration_ms == pytest.approx(2_000, abs=50)


@pytest.mark.parametrize("extension", ["mp3", "wav", "ogg", "webm", "flac", "aac"])
def test_a_recording_cut_short_is_still_worth_hearing(extension: str) -> None:
    whole = recording(extension, seconds=2)
    assert 500 < probed(whole[: len(whole) // 2]).duration_ms < 1_500


def test_an_mp4_without_its_index_cannot_be_read() -> None:
    whole = recording("m4a", seconds=2)
    assert reason(whole[: len(whole) // 2]) == "unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b"hello, I am a text",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8\xff\xe0" + bytes(100),
        b"%PDF-1.7",
        b"PK\x03\x04" + bytes(100),
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\xff",
        bytes(1_000),
        PLAYLIST,
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>',
    ],
)
def test_what_is_no_recording_is_refused_before_any_decoder_sees_it(data: bytes) -> None:
    assert recognise(data) is None
    assert reason(data) == "not_audio"


@pytest.mark.parametrize("magic", [b"OggS", b"fLaC", b"ID3\x04", b"\x1a\x45\xdf\xa3", b"RIFF\x00\x00\x00\x00WAVE"])
@pytest.mark.parametrize("rest", [b"", bytes(1_000), PLAYLIST, b"\xff" * 5_000])
def test_a_false_magic_is_unreadable(magic: bytes, rest: bytes) -> None:
    assert reason(magic + rest) == "unreadable"


def test_an_empty_file_is_called_empty() -> None:
    assert reason(b"") == "empty"


def test_a_film_without_sound_is_not_audio() -> None:
    assert reason(silent_film()) == "not_audio"


def test_ten_hours_from_a_few_kilobytes_are_too_long() -> None:
    data = sparse_recording(hours=10)
    assert len(data) < 10_000
    assert reason(data) == "too_long"


def test_three_hours_from_a_few_kilobytes_are_not_believed() -> None:
    assert MAX_DURATION_MS > 3 * 3_600_000
    assert reason(sparse_recording(hours=3)) == "unreadable"


def damaged(seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for extension in WAYS:
        whole = recording(extension, seconds=0.2)
        for _ in range(15):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 40)):
                data[chance.randrange(4, len(data))] = chance.randrange(256)
            yield bytes(data)


def test_damaged_recordings_are_measured_or_rejected_quickly() -> None:
    for data in damaged(seed=20261121):
        began = monotonic()
        try:
            facts = probed(data)
        except MediaRejected:
            continue
        finally:
            assert monotonic() - began < 5
        assert 0 <= facts.duration_ms <= MAX_DURATION_MS


def test_bare_aac_is_put_into_the_wrapping_providers_take() -> None:
    facts = probed(aac_to_m4a(recording("aac", seconds=2)))
    assert facts.extension == "m4a"
    assert facts.duration_ms == pytest.approx(2_000, abs=50)
