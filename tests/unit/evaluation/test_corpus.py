"""The corpus is what its README says: whole, consistent, large and hard enough to measure on."""

import json
from collections import Counter
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from evaluation.content_words import content_words
from evaluation.corpus import FOLDER, CorpusWrong, read_corpus
from evaluation.corpus_model import Corpus, QuestionClass, Split
from shared.sessions.model import BlockType


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus()


def _break_line(folder: Path, name: str, number: int, **changes: Any) -> None:
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    lines[number] = json.dumps({**json.loads(lines[number]), **changes})
    (folder / name).write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(FOLDER, tmp_path / "corpus"))


def test_a_recordings_segments_joined_are_its_text(corpus: Corpus) -> None:
    recordings = [note for life in corpus.lives for note in life.notes if note.kind is BlockType.VOICE]
    assert recordings
    for note in recordings:
        assert " ".join(segment.text for segment in note.segments) == note.text
        assert note.segments[-1].end_ms == 380 * len(note.text.split())
        assert all(segment.start_ms < segment.end_ms for segment in note.segments)


def test_pictures_and_markers_have_no_segments(corpus: Corpus) -> None:
    assert all(not note.segments for life in corpus.lives for note in life.notes if note.kind is not BlockType.VOICE)


def test_a_third_of_the_questions_of_each_class_is_held_out(corpus: Corpus) -> None:
    for life in corpus.lives:
        of_class = Counter(question.question_class for question in life.questions)
        held_out = Counter(q.question_class for q in life.questions if q.split is Split.HELD_OUT)
        assert held_out == {name: round(count / 3) for name, count in of_class.items() if round(count / 3)}


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("iris.notes.jsonl", {"id": "iris-001"}, "note iris-001: 2 times there"),
        ("iris.notes.jsonl", {"captured_at": "2026-02-09T09:20:00"}, "iris.notes.jsonl:2: "),
        ("iris.notes.jsonl", {"captured_at": "2026-02-09T09:20:00-03:00"}, "has not the offset of Europe/London"),
        ("iris.notes.jsonl", {"captured_at": "2026-02-08T09:20:00+00:00"}, "captured before iris-001"),
        ("iris.notes.jsonl", {"captured_at": "2027-02-09T09:20:00+00:00"}, "captured after the questions were asked"),
        ("iris.notes.jsonl", {"captured_at": "yesterday"}, "iris.notes.jsonl:2: "),
        ("iris.notes.jsonl", {"kind": "video"}, "iris.notes.jsonl:2: "),
        ("iris.notes.jsonl", {"mood": "good"}, "iris.notes.jsonl:2: "),
        ("iris.notes.jsonl", {"text": ""}, "note iris-002: begins or ends with white space, or is empty"),
        ("iris.notes.jsonl", {"language": "fr"}, "session iris-s001: of 2 languages"),
        ("iris.questions.jsonl", {"id": "iris-q001"}, "question iris-q001: 2 times there"),
        ("iris.questions.jsonl", {"gold": [{"note": "iris-999", "quote": "x"}]}, "there is no note iris-999"),
        ("iris.questions.jsonl", {"gold": [{"note": "iris-001", "quote": "zebra"}]}, "'zebra' does not stand in"),
        ("iris.questions.jsonl", {"gold": []}, "question iris-q002: gold is for questions that have an answer"),
        ("iris.questions.jsonl", {"answer": ""}, "question iris-q002: an answer goes with its gold"),
        ("iris.questions.jsonl", {"class": "riddle"}, "iris.questions.jsonl:2: "),
        ("iris.questions.jsonl", {"class": "multi"}, "question iris-q002: of 1 notes, two to six are meant"),
        ("iris.questions.jsonl", {"expects_period": ["2026-03-02", "2026-03-02"]}, "its period ends before it begins"),
        ("iris.questions.jsonl", {"class": "paraphrase"}, "question iris-q002: a paraphrase that shares"),
        ("iris.questions.jsonl", {"class": "cross_language"}, "question iris-q002: asked in the language of iris-003"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)  # fmt: skip
def test_what_breaks_a_rule_is_named(folder: Path, name: str, changes: dict[str, Any], said: str) -> None:
    _break_line(folder, name, 1, **changes)
    with pytest.raises(CorpusWrong) as caught:
        read_corpus(folder)
    assert said in str(caught.value)


def test_a_question_in_the_wrong_split_is_named(folder: Path) -> None:
    first = json.loads((folder / "iris.questions.jsonl").read_text(encoding="utf-8").splitlines()[0])
    other = {"tune": "held_out", "held_out": "tune"}[first["split"]]
    _break_line(folder, "iris.questions.jsonl", 0, split=other)
    with pytest.raises(CorpusWrong, match=f"question {first['id']}: its split is to be {first['split']}"):
        read_corpus(folder)


def test_content_words_are_folded_stems_without_the_small_words() -> None:
    assert content_words("Não sei: as bicicletas da Zélia, and the 3 BICYCLES?") == {
        "sei", "bicic", "zelia", "bicyc",
    }  # fmt: skip
    assert content_words("what did you do with it") == frozenset()


def test_every_class_is_there(corpus: Corpus) -> None:
    assert {q.question_class for life in corpus.lives for q in life.questions} == set(QuestionClass)
