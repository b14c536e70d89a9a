"""What is not what it claims to be is refused with a reason, quickly and in little memory."""

from io import BytesIO
from time import monotonic

import pytest

from shared.enrichment.audio_probe import MAX_DURATION_MS, probe_audio
from shared.enrichment.loudness import measure_loudness
from shared.enrichment.model import MediaRejected
from shared.enrichment.picture_probe import probe_picture
from shared.media.model import MediaType
from tests.fixtures.measured_child import in_measured_child
from tests.fixtures.media_corpus import BadMedia, bad_media, mutations

SEED = 20261121
CORPUS = bad_media(SEED)
MOST_SECONDS = 60
MOST_BYTES = 1_000_000_000


def look_into(media: BadMedia) -> str | None:
    """Why it is refused; None when it is usable."""
    began = monotonic()
    try:
        if media.type is MediaType.IMAGE:
            probe_picture(media.data)
        else:
            file = BytesIO(media.data)
            facts = probe_audio(file)
            assert facts.duration_ms <= MAX_DURATION_MS
            measure_loudness(file, facts.container, until=began + MOST_SECONDS)
    except MediaRejected as rejected:
        return rejected.exact_code
    finally:
        assert monotonic() - began < MOST_SECONDS
    return None


def test_there_are_enough_of_them_each_with_a_name_of_its_own() -> None:
    assert len({media.name for media in CORPUS}) == len(CORPUS) >= 40


@pytest.mark.parametrize("media", CORPUS, ids=lambda media: media.name)
def test_a_false_file_is_refused_with_its_reason(media: BadMedia) -> None:
    assert look_into(media) in media.reasons


def test_the_corpus_is_the_same_for_the_same_seed() -> None:
    assert [media.data for media in bad_media(SEED)] == [media.data for media in CORPUS]
    assert list(mutations(7, 20)) == list(mutations(7, 20))


def test_damaged_files_are_used_or_refused_in_little_memory() -> None:
    # In a process of its own: the peak of this one is that of whatever ran here before.
    took = in_measured_child(lambda: [look_into(media) for media in mutations(SEED, 100)], more_bytes=MOST_BYTES)
    assert {None, "unreadable"} <= set(took.answer or ())
