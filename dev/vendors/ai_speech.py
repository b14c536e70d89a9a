"""Speech to words: pocketsphinx's US English model, in worker processes that share the work."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from dev.vendors import ai_speech_worker
from dev.vendors.ai_audio import Utterance, decode_recording, duration_seconds, utterances_of
from dev.vendors.ai_errors import ApiError
from dev.vendors.ai_segments import Segment, Word, segment_json, segments_of, text_of, word_json
from dev.vendors.ai_speech_worker import FRAMES_PER_SECOND, LENGTH_BYTES

MODEL = "pocketsphinx-en-us"
WORKERS = 2  # one per core of the smallest machine this runs on
WORKER_FILE = str(Path(ai_speech_worker.__file__))  # by its file: wherever the server was started from
STOP_SECONDS = 5.0


class SpeechDecoders:
    """The worker processes: started at the first recording, ended by `close`."""

    def __init__(self) -> None:
        self._start_lock = threading.Lock()
        self._is_closed = False
        self._idle: queue.Queue[subprocess.Popen[bytes]] = queue.Queue()
        self._started: list[subprocess.Popen[bytes]] = []
        self._threads = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="speech")

    def words_of(self, utterances: Sequence[Utterance]) -> list[list[Word]]:
        """Recognises each utterance; times are seconds from the recording's start.

        Raises:
            ApiError: 500 when a decoder process died; the next call gets a new one. 503 after `close`.
        """
        self.start()
        return list(self._threads.map(self._words_of_one, utterances))

    def start(self) -> None:
        """Starts the workers unless they run already. Their model (30 MB) loads in about half a second."""
        with self._start_lock:
            if self._is_closed:
                raise ApiError(503, "The server is stopping.")
            while len(self._started) < WORKERS:
                self._start_one()

    def close(self) -> None:
        """Ends the workers, also in the middle of an utterance. Nothing can be recognised afterwards."""
        with self._start_lock:
            self._is_closed = True
            for worker in self._started:
                _stop(worker)
        self._threads.shutdown(cancel_futures=True)

    def _start_one(self) -> None:
        worker = subprocess.Popen([sys.executable, WORKER_FILE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._started.append(worker)
        self._idle.put(worker)

    def _words_of_one(self, utterance: Utterance) -> list[Word]:
        worker = self._idle.get()
        try:
            rows = _ask(worker, utterance.pcm)
        except (OSError, ValueError) as error:
            self._replace(worker)
            raise ApiError(500, "The speech decoder stopped unexpectedly.", code="decoder_died") from error
        self._idle.put(worker)
        return [_word(row, utterance.start) for row in rows]

    def _replace(self, worker: subprocess.Popen[bytes]) -> None:
        with self._start_lock:
            if self._is_closed:
                self._idle.put(worker)  # so that whoever still waits for one fails too, and does not wait on
                return
            self._started.remove(worker)
            _stop(worker)
            self._start_one()


def _ask(worker: subprocess.Popen[bytes], pcm: bytes) -> list[Any]:
    if worker.stdin is None or worker.stdout is None:
        raise OSError("the worker was started without pipes")
    worker.stdin.write(len(pcm).to_bytes(LENGTH_BYTES, "little") + pcm)
    worker.stdin.flush()
    return json.loads(worker.stdout.readline())  # an empty line (the worker died) is a ValueError


def _stop(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.communicate(timeout=STOP_SECONDS)


def _word(row: Sequence[Any], offset: float) -> Word:
    text, first, last, probability = row
    return Word(
        text=text,
        start=offset + first / FRAMES_PER_SECOND,
        end=offset + (last + 1) / FRAMES_PER_SECOND,
        probability=probability,
    )


def transcribe(recording: bytes, decoders: SpeechDecoders) -> tuple[float, list[Segment]]:
    """The recording's duration in seconds and its segments; no segments when nobody speaks.

    Raises:
        ApiError: 400 when the bytes are no audio that can be read.
    """
    pcm = decode_recording(recording)
    return duration_seconds(pcm), segments_of(decoders.words_of(utterances_of(pcm)))


def transcription_json(duration: float, segments: Sequence[Segment], granularities: Sequence[str]) -> dict[str, Any]:
    """The body of `response_format=verbose_json`; times in seconds."""
    body: dict[str, Any] = {
        "task": "transcribe",
        "language": "english",
        "duration": round(duration, 2),
        "text": text_of(segments),
        "segments": [segment_json(index, segment) for index, segment in enumerate(segments)],
    }
    if "word" in granularities:
        body["words"] = [word_json(word) for segment in segments for word in segment]
    return body
