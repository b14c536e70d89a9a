"""The local AI server as a process: what it leaves behind, and what it survives."""

import signal
from collections.abc import Sequence

import openai
import psutil
import pytest

from dev.vendors.ai_audio import BYTES_PER_SECOND, decode_recording
from tests.fixtures.local_ai import SAMPLES, LocalAi, running_local_ai, wav_of, words_in

DEADLINE_SECONDS = 15


def transcribe(server: LocalAi) -> list[str]:
    note = decode_recording((SAMPLES / "voice_note.ogg").read_bytes())
    sentence = wav_of(note[: 2 * BYTES_PER_SECOND])
    return words_in(server.openai.audio.transcriptions.create(model="any", file=("a.wav", sentence)).text)


def decoders(server: LocalAi) -> list[psutil.Process]:
    return psutil.Process(server.process.pid).children(recursive=True)


def wait_until_gone(processes: Sequence[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=DEADLINE_SECONDS)
    assert alive == []


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGKILL, -9)])
def test_no_process_outlives_the_server(number: signal.Signals, status: int) -> None:
    with running_local_ai() as server:
        transcribe(server)
        started = decoders(server)
        assert len(started) == 2
        server.process.send_signal(number)
        assert server.process.wait(DEADLINE_SECONDS) == status
    wait_until_gone(started)


def test_decoders_that_died_are_replaced() -> None:
    with running_local_ai() as server:
        heard = transcribe(server)
        killed = decoders(server)
        for decoder in killed:
            decoder.kill()
        for _ in killed:
            with pytest.raises(openai.InternalServerError):
                transcribe(server)
        assert transcribe(server) == heard
        assert heard[:2] == ["on", "tuesday"]
