"""Texts embedded by the local model; kept in the machine's temporary folder, for it takes minutes."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.progress import track

from dev.vendors.ai_minilm import Array, MiniLM

_PORTION = 250


def embedded(texts: Sequence[str]) -> Array:
    """Unit vectors (texts, 384) in the order given. What was embedded before an interruption is not embedded again."""
    folder = Path(tempfile.gettempdir()) / "second-brain-bench-vectors"
    folder.mkdir(exist_ok=True)
    known = _known(folder)
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    model = MiniLM()
    for start in track(range(0, len(missing), _PORTION), description="embedding"):
        portion = missing[start : start + _PORTION]
        vectors = model.encode(portion)[0]
        _keep(folder, portion, vectors)
        known |= dict(zip(portion, vectors, strict=True))
    return np.stack([known[text] for text in texts])


def _known(folder: Path) -> dict[str, Array]:
    known: dict[str, Array] = {}
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as kept:
            known |= dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
    return known


def _keep(folder: Path, texts: Sequence[str], vectors: Array) -> None:
    number = len(list(folder.glob("*.npz")))
    half_written = folder / f"{number:05}.part"
    with half_written.open("wb") as file:
        np.savez(file, texts=np.array(texts), vectors=vectors)
    half_written.rename(folder / f"{number:05}.npz")
