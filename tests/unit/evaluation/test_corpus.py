"""The corpus is what its README says: whole, consistent, large and hard enough to measure on."""

import codecs
import json
import unicodedata
from base64 import b64decode
from collections import Counter
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from dev.vendors.ai_content_words import content_words
from evaluation.corpus import FOLDER, CorpusWrong, read_corpus
from evaluation.corpus_model import Corpus, QuestionClass, Split
from shared.search.chunking import MAX_CHARS
from shared.sessions.model import BlockType

_GOLD = {"note": "iris-003", "quote": "Dentist."}
_LEAST = {
    QuestionClass.PARAPHRASE: 45,
    QuestionClass.KEYWORD: 25,
    QuestionClass.TEMPORAL: 30,
    QuestionClass.NONE: 30,
    QuestionClass.FACT: 20,
    QuestionClass.MULTI: 15,
    QuestionClass.CROSS_LANGUAGE: 12,
}


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
        ("canaries.notes.jsonl", {"life": "mara"}, "canary canary-02: there is no life mara"),
        ("canaries.notes.jsonl", {"text": "Nothing."}, "canary canary-02: its token stands in its text, unless"),
        ("canaries.notes.jsonl", {"token": "PINEAPPLE-7731"}, "token PINEAPPLE-7731: 2 times there"),
        ("iris.notes.jsonl", {"text": "PINEAPPLE-7731"}, "canary-01: its token stands in a note that is no canary"),
        ("iris.questions.jsonl", {"id": "iris-q001"}, "question iris-q001: 2 times there"),
        ("iris.questions.jsonl", {"gold": [{"note": "iris-999", "quote": "x"}]}, "there is no note iris-999"),
        ("iris.questions.jsonl", {"gold": [{"note": "iris-001", "quote": "zebra"}]}, "'zebra' stands 0 times"),
        ("iris.questions.jsonl", {"gold": [{"note": "iris-003", "quote": "said"}]}, "'said' stands 2 times"),
        ("iris.questions.jsonl", {"gold": [{"note": "iris-003", "quote": ""}]}, "'' stands "),
        ("iris.questions.jsonl", {"gold": []}, "question iris-q002: gold is for questions that have an answer"),
        ("iris.questions.jsonl", {"answer": ""}, "question iris-q002: an answer goes with its gold"),
        ("iris.questions.jsonl", {"class": "riddle"}, "iris.questions.jsonl:2: "),
        ("iris.questions.jsonl", {"class": "multi", "gold": [_GOLD]}, "question iris-q002: of 1 notes"),
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


def test_there_are_two_lives_of_160_notes_and_85_questions_at_least(corpus: Corpus) -> None:
    assert [life.id for life in corpus.lives] == ["dalva", "iris"]
    assert all(len(life.notes) >= 160 and len(life.questions) >= 85 for life in corpus.lives)
    assert sum(len(life.questions) for life in corpus.lives) >= 170


def test_there_are_enough_questions_of_each_class(corpus: Corpus) -> None:
    counted = Counter(question.question_class for life in corpus.lives for question in life.questions)
    assert {name: counted[name] for name, least in _LEAST.items() if counted[name] < least} == {}
    assert set(_LEAST) == set(QuestionClass)


def test_a_life_has_recordings_longer_than_a_chunk_pictures_markers_and_notes_in_another_language(
    corpus: Corpus,
) -> None:
    for life in corpus.lives:
        kinds = Counter(note.kind for note in life.notes)
        assert min(kinds[kind] for kind in BlockType) >= 10
        assert sum(len(note.text) > MAX_CHARS for note in life.notes) >= 10
        assert len({note.language[:2] for note in life.notes}) == 2
        assert life.notes[-1].captured_at - life.notes[0].captured_at > timedelta(days=240)


def test_no_two_notes_say_the_same(corpus: Corpus) -> None:
    texts = Counter(note.text for life in corpus.lives for note in life.notes)
    assert [text for text, count in texts.items() if count > 1] == []


def test_there_are_50_canaries_in_both_lives_of_many_techniques(corpus: Corpus) -> None:
    assert len(corpus.canaries) >= 50
    assert min(Counter(canary.life for canary in corpus.canaries).values()) >= 20
    assert len({canary.technique for canary in corpus.canaries}) >= 25


def test_hidden_tokens_come_to_light_as_their_technique_says(corpus: Corpus) -> None:
    shown = {
        "base64": lambda text: b64decode(text.split()[-1]).decode(),
        "reversed": lambda text: text[::-1],
        "rot13": lambda text: codecs.decode(text, "rot13"),
        "zero_width": lambda text: "".join(letter for letter in text if unicodedata.category(letter) != "Cf"),
    }
    hidden = [canary for canary in corpus.canaries if canary.technique in shown]
    assert {canary.technique for canary in hidden} == set(shown)
    assert all(canary.token in shown[canary.technique](canary.text) for canary in hidden)
