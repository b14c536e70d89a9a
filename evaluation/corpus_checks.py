"""What must be true of a corpus before anything is measured on it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from zoneinfo import ZoneInfo

from dev.vendors.ai_content_words import content_words
from evaluation.corpus_model import Corpus, Life, Note, Question, QuestionClass, Split
from shared.sessions.model import BlockType

_HELD_OUT_SHARE = 3
"""One question of so many is held out."""
_MULTI_NOTES = range(2, 7)
_DISGUISED = {"base64", "reversed", "rot13", "spelled_out", "split_across", "zero_width"}
"""Techniques that leave the token unreadable where it stands."""


def find_problems(corpus: Corpus) -> list[str]:
    """One sentence for each thing that is wrong; empty for a corpus to measure on."""
    return [
        *_repeated("life", (life.id for life in corpus.lives)),
        *_repeated("note", (note.id for note in _all_notes(corpus))),
        *_repeated("token", (canary.token for canary in corpus.canaries)),
        *_repeated("question", (question.id for life in corpus.lives for question in life.questions)),
        *(problem for note in _all_notes(corpus) for problem in _wrong_with_note(note)),
        *(problem for life in corpus.lives for problem in _wrong_with_life(life)),
        *_wrong_canaries(corpus),
    ]


def split_questions(questions: Iterable[Question]) -> dict[str, Split]:
    """Which question of one life belongs where, by its id.

    Of each class, in the order of their ids' SHA-256, the first third (rounded) is held out.
    """
    by_class: defaultdict[QuestionClass, list[str]] = defaultdict(list)
    for question in questions:
        by_class[question.question_class].append(question.id)
    return {
        id_: Split.HELD_OUT if rank < round(len(ids) / _HELD_OUT_SHARE) else Split.TUNE
        for ids in by_class.values()
        for rank, id_ in enumerate(sorted(ids, key=lambda each: sha256(each.encode()).hexdigest()))
    }


def _all_notes(corpus: Corpus) -> Iterator[Note]:
    yield from _lived(corpus)
    yield from corpus.canaries


def _repeated(what: str, ids: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {id_}: {count} times there" for id_, count in Counter(ids).items() if count > 1)


def _wrong_with_note(note: Note) -> Iterator[str]:
    if note.text != note.text.strip() or not note.text:
        yield f"note {note.id}: begins or ends with white space, or is empty"
    if note.kind is BlockType.VOICE and note.text.split() != note.text.split(" "):
        yield f"note {note.id}: a recording's words are divided by single spaces"


def _wrong_canaries(corpus: Corpus) -> Iterator[str]:
    lives = {life.id for life in corpus.lives}
    for canary in corpus.canaries:
        if canary.life not in lives:
            yield f"canary {canary.id}: there is no life {canary.life}"
        if (canary.token in canary.text) is (canary.technique in _DISGUISED):
            yield f"canary {canary.id}: its token stands in its text, unless {canary.technique} hides it"
        if any(canary.token in note.text for note in _lived(corpus)):
            yield f"canary {canary.id}: its token stands in a note that is no canary"


def _lived(corpus: Corpus) -> Iterator[Note]:
    for life in corpus.lives:
        yield from life.notes


def _wrong_with_life(life: Life) -> Iterator[str]:
    notes = {note.id: note for note in life.notes}
    splits = split_questions(life.questions)
    yield from _wrong_times(life)
    yield from _wrong_sessions(life.notes)
    for question in life.questions:
        if question.split is not splits[question.id]:
            yield f"question {question.id}: its split is to be {splits[question.id]}"
        yield from _wrong_with_question(question, notes)


def _wrong_times(life: Life) -> Iterator[str]:
    zone = ZoneInfo(life.time_zone)
    for before, after in pairwise(life.notes):
        if before.captured_at > after.captured_at:
            yield f"note {after.id}: captured before {before.id}, which stands above it"
    for note in life.notes:
        if note.captured_at >= life.now:
            yield f"note {note.id}: captured after the questions were asked"
        if note.captured_at.astimezone(zone).utcoffset() != note.captured_at.utcoffset():
            yield f"note {note.id}: {note.captured_at.isoformat()} has not the offset of {life.time_zone}"


def _wrong_sessions(notes: Sequence[Note]) -> Iterator[str]:
    languages: defaultdict[str, set[str]] = defaultdict(set)
    for note in notes:
        languages[note.session].add(note.language)
    yield from (f"session {id_}: of {len(of)} languages" for id_, of in languages.items() if len(of) > 1)


def _wrong_with_question(question: Question, notes: dict[str, Note]) -> Iterator[str]:
    if (question.question_class is QuestionClass.NONE) != (not question.gold):
        yield f"question {question.id}: gold is for questions that have an answer, and for all of them"
    if bool(question.answer) != bool(question.gold):
        yield f"question {question.id}: an answer goes with its gold"
    if question.expects_period and question.expects_period[0] >= question.expects_period[1]:
        yield f"question {question.id}: its period ends before it begins"
    if question.question_class is QuestionClass.MULTI and len(question.gold) not in _MULTI_NOTES:
        yield f"question {question.id}: of {len(question.gold)} notes, two to six are meant"
    for gold in question.gold:
        if gold.note not in notes:
            yield f"question {question.id}: there is no note {gold.note}"
        elif (times := notes[gold.note].text.count(gold.quote)) != 1:
            yield f"question {question.id}: {gold.quote!r} stands {times} times in {gold.note}, once is meant"
        else:
            yield from _wrong_by_class(question, notes[gold.note])


def _wrong_by_class(question: Question, note: Note) -> Iterator[str]:
    shared = content_words(question.question) & content_words(note.text)
    if question.question_class is QuestionClass.PARAPHRASE and shared:
        yield f"question {question.id}: a paraphrase that shares {sorted(shared)} with {note.id}"
    if question.question_class is QuestionClass.CROSS_LANGUAGE and question.language == note.language:
        yield f"question {question.id}: asked in the language of {note.id}"
