"""Twenty thousand different passages of prose from what every checkout has at hand.

They are what the standard library and the installed packages say of themselves (docstrings), and the documents of this
repository, cut as notes are cut, and then to a size between a moment's and a chunk's.
"""

import hashlib
import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.search.chunking import cut_into_chunks

_ROOT = Path(__file__).resolve().parents[2]
_SHORTEST_CHARS, _LONGEST_CHARS = 120, 300
_LEAST_LETTERS = 0.75  # of its characters: below that it is code or a table
_SENTENCE = re.compile(r"(.{25,140}?[.!?])(?=\s|$)")
_SPACE = re.compile(r"\s+")
_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)  # nothing is parsed: seconds against minutes


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What is searched, and what is asked: single sentences of passages that are not among those searched."""

    passages: list[str]
    questions: list[str]


def collect(*, passages: int, questions: int) -> Texts:
    """So many of each, always the same with the same installed packages. ValueError when there are not enough."""
    found = sorted(set(_prose()), key=lambda text: hashlib.sha256(text.encode()).digest())
    asked: list[str] = []
    while len(asked) < questions and found:
        first = _SENTENCE.match(found.pop())
        if first is not None:
            asked.append(first.group(1))
    if len(found) < passages:
        raise ValueError(f"only {len(found)} passages were found, of {passages}: install all requirements first")
    return Texts(passages=found[:passages], questions=asked)


def _prose() -> Iterator[str]:
    for text in _texts():
        plain = _SPACE.sub(" ", text).strip()
        for span in cut_into_chunks(plain):
            passage = plain[span.start : min(span.end, span.start + _LONGEST_CHARS)].rpartition(" ")[0]
            letters = sum(character.isalpha() for character in passage)
            if len(passage) >= _SHORTEST_CHARS and letters >= _LEAST_LETTERS * len(passage):
                yield passage


def _texts() -> Iterator[str]:
    yield from (path.read_text() for path in sorted(_ROOT.glob("docs/**/*.md")))
    paths = sysconfig.get_paths()
    for path in (*_sources(Path(paths["stdlib"])), *_sources(Path(paths["purelib"]))):
        yield from _DOCSTRING.findall(path.read_text(encoding="utf-8", errors="ignore"))


def _sources(folder: Path) -> list[Path]:
    """Python files below a folder, without tests and, below the standard library, without packages."""
    files = (path.relative_to(folder) for path in folder.rglob("*.py"))
    kept = (path for path in files if not {"site-packages", "test", "tests"} & set(path.parts))
    return sorted(folder / path for path in kept)
