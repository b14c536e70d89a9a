"""One pocketsphinx decoder in a process of its own: utterances in on stdin, words out on stdout.

A process, not a thread, because pocketsphinx keeps Python's interpreter lock while it searches
(1.3 s for one sentence), which would stop the server's event loop. It ends when stdin closes,
so it cannot outlive the server.

In: 4 bytes little-endian length, then that many bytes of 16 kHz mono s16 PCM.
Out: one JSON line per utterance: [[word, start_frame, end_frame, probability], ...].
"""

import importlib
import json
import re
import sys
from typing import Any, BinaryIO

LENGTH_BYTES = 4
FRAMES_PER_SECOND = 100
# Hypotheses kept per frame. A sixth less time than pocketsphinx's 30,000 for the same words on two of
# three test voices; other settings (language weight, beams, noise removal) were no better than its own.
SEARCH_WIDTH = 5_000
NOISES = ("<", "[", "++")  # <s>, <sil>, [NOISE], [SPEECH], ++COUGH++
VARIANT = re.compile(r"\(\d+\)$")  # the dictionary's "the(2)" is the second way to say "the"

Row = tuple[str, int, int, float]


def main() -> None:
    """Answers utterances until stdin closes."""
    decoder = importlib.import_module("pocketsphinx").Decoder(loglevel="FATAL", maxhmmpf=SEARCH_WIDTH)
    while (pcm := read_frame(sys.stdin.buffer)) is not None:
        sys.stdout.write(json.dumps(recognise(decoder, pcm)) + "\n")
        sys.stdout.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next utterance, or None once the server has gone."""
    header = stream.read(LENGTH_BYTES)
    if len(header) < LENGTH_BYTES:
        return None
    return stream.read(int.from_bytes(header, "little"))


def recognise(decoder: Any, pcm: bytes) -> list[Row]:  # noqa: ANN401 - pocketsphinx ships no types
    """The words of one utterance with frames of 10 ms counted from its start."""
    if not pcm:
        return []  # the decoder raises over no samples at all
    # Without this the front end carries state from the utterance before, and the same bytes
    # would give other probabilities, now and then other words.
    decoder.reinit_feat()
    decoder.start_utt()
    # The whole utterance at once, so that loudness is normalised over all of it.
    decoder.process_raw(pcm, False, True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return []
    return [_row(segment) for segment in decoder.seg() if not segment.word.startswith(NOISES)]


def _row(segment: Any) -> Row:  # noqa: ANN401 - pocketsphinx ships no types
    word = VARIANT.sub("", segment.word)
    return word, segment.start_frame, segment.end_frame, min(segment.prob, 1.0)


if __name__ == "__main__":
    main()
