"""Reads the corpus of `evaluation/corpus/`, and refuses one that is not what it says it is."""

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from evaluation.corpus_checks import find_problems
from evaluation.corpus_model import Canary, Corpus, Life, Note, Question

_Line = TypeVar("_Line", Note, Question, Canary)

FOLDER = Path(__file__).parent / "corpus"

_NOTE = TypeAdapter(Note)
_QUESTION = TypeAdapter(Question)
_CANARY = TypeAdapter(Canary)
_LIFE = TypeAdapter(Life)


class CorpusWrong(ValueError):
    """The corpus breaks its own rules. The message has a line for each problem."""


def read_corpus(folder: Path = FOLDER) -> Corpus:
    """Every life and every canary of a folder, lives by their id.

    Raises CorpusWrong for lines that are no notes or questions, ids that are there twice, quotes that do not
    stand in their note, and whatever else evaluation/corpus/README.md rules out.
    """
    lives = tuple(_read_life(path) for path in sorted(folder.glob("*.life.json")))
    corpus = Corpus(lives=lives, canaries=_read_lines(folder / "canaries.notes.jsonl", _CANARY))
    if problems := find_problems(corpus):
        raise CorpusWrong("\n".join(problems))
    return corpus


def _read_life(path: Path) -> Life:
    stem = path.name.removesuffix(".life.json")
    facts: dict[str, Any] = {
        **json.loads(path.read_text(encoding="utf-8")),
        "notes": _read_lines(path.with_name(f"{stem}.notes.jsonl"), _NOTE),
        "questions": _read_lines(path.with_name(f"{stem}.questions.jsonl"), _QUESTION),
    }
    try:
        return _LIFE.validate_python(facts)
    except ValidationError as error:
        raise CorpusWrong(f"{path.name}: {error}") from error


def _read_lines(path: Path, shape: TypeAdapter[_Line]) -> tuple[_Line, ...]:
    return tuple(
        _read_line(f"{path.name}:{number}", line, shape)
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
        if line
    )


def _read_line(where: str, line: str, shape: TypeAdapter[_Line]) -> _Line:
    try:
        return shape.validate_json(line)
    except ValidationError as error:
        raise CorpusWrong(f"{where}: {error}") from error
