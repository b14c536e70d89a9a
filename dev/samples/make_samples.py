"""Remakes the sample media: `python -m dev.samples.make_samples`. Needs Debian's flite for the voice."""

import shutil
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
VOICE = "rms"  # pocketsphinx gets 98 words in 100 of this voice right, 90 of slt's
SAMPLE_RATE = 16_000
BIT_RATE = 24_000
BETWEEN_SENTENCES_SECONDS = 0.6
BETWEEN_TOPICS_SECONDS = 1.0

TOPICS = (
    (
        "On Tuesday morning I have an appointment with the dentist.",
        "The left side of my mouth still hurts when I drink cold water.",
    ),
    (
        "In the afternoon I had a long talk with Daniel about the new project.",
        "He wants to move the launch to the first week of September.",
        "We need two more weeks for testing.",
    ),
    ("For dinner on Friday I want to cook chicken soup with tomatoes and garlic.",),
    (
        "In the summer we will take the train to the mountains.",
        "The children want to swim in the lake every day.",
    ),
)

PICTURE_LINES = (
    "Shopping list for Saturday",
    "Coffee beans and oat milk",
    "Birthday candles for Emma",
    "Two light bulbs for the kitchen",
    "Paint and a new brush",
    "Train tickets at the station",
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One spoken sentence and the second it starts at."""

    text: str
    start: float


def main() -> None:
    """Writes voice_note.ogg, voice_note.txt and picture.png beside this file."""
    samples, lines = speak_note()
    write_opus(samples, HERE / "voice_note.ogg")
    script = "".join(f"{line.start:5.1f}  {line.text}\n" for line in lines)
    (HERE / "voice_note.txt").write_text(script, encoding="utf-8")
    draw_picture().save(HERE / "picture.png", optimize=True)


def speak_note() -> tuple[np.ndarray, list[Line]]:
    """The note as 16 kHz mono s16 samples, and when each sentence starts."""
    parts: list[np.ndarray] = [_silence(BETWEEN_SENTENCES_SECONDS)]
    lines: list[Line] = []
    for topic in TOPICS:
        for sentence in topic:
            lines.append(Line(text=sentence, start=sum(map(len, parts)) / SAMPLE_RATE))
            parts += [_speak(sentence), _silence(BETWEEN_SENTENCES_SECONDS)]
        parts.append(_silence(BETWEEN_TOPICS_SECONDS - BETWEEN_SENTENCES_SECONDS))
    return np.concatenate(parts), lines


def _silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * SAMPLE_RATE), dtype=np.int16)


def _speak(sentence: str) -> np.ndarray:
    flite = shutil.which("flite")
    if flite is None:
        raise SystemExit("flite is missing: apt-get install flite")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sentence.wav")
        subprocess.run([flite, "-voice", VOICE, "-t", sentence, "-o", str(path)], check=True)
        with wave.open(str(path), "rb") as recording:
            return np.frombuffer(recording.readframes(recording.getnframes()), dtype=np.int16)


def write_opus(samples: np.ndarray, path: Path) -> None:
    """Writes the samples as Opus in Ogg."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libopus", rate=SAMPLE_RATE)
        stream.bit_rate = BIT_RATE
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


def draw_picture() -> Image.Image:
    """A shopping list pinned to a board, in Pillow's own font."""
    picture = Image.new("RGB", (900, 640), "#8a6f4d")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 40, 840, 600), fill="#fffbe8", outline="#d9cfae", width=3)
    draw.ellipse((432, 22, 468, 58), fill="#c0392b")
    draw.text((120, 90), PICTURE_LINES[0], fill="#1c3d5a", font=ImageFont.load_default(size=58))
    for row, line in enumerate(PICTURE_LINES[1:]):
        top = 195 + row * 75
        draw.rectangle((120, top + 8, 150, top + 38), outline="#444444", width=3)
        draw.text((180, top), line, fill="#222222", font=ImageFont.load_default(size=40))
    return picture


if __name__ == "__main__":
    main()
