"""A question finds notes by what they mean and by the words they are in."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from shared.ai.capabilities import Usage
from shared.ai.vendor_errors import costing
from shared.db.connection import Database
from shared.errors import ProviderPaused, VendorDown, VendorRefused
from shared.ids import UserId
from tests.fixtures.captured import count_of
from tests.fixtures.embedders import Down
from tests.fixtures.questions import NOTHING, Never, ask, marked_in, texts_of
from tests.fixtures.searchable import add_block, add_user, keep, unit

_SOUP, _DENTIST, _CODE = unit(1, 0, 0), unit(0, 1, 0), unit(0, 0, 1)


@pytest.fixture
def user_id(db: Database, owner: psycopg.Connection) -> UserId:
    """A user with three notes."""
    user_id = add_user(owner)
    texts = ["Tomato soup with garlic.", "The dentist has time on Tuesday.", "Locker code GT-140N, second floor."]
    keep(db, user_id, add_block(owner, user_id), texts, [_SOUP, _DENTIST, _CODE])
    return user_id


def test_a_note_is_found_by_its_meaning_alone(db: Database, user_id: UserId) -> None:
    (result,) = ask(db, user_id, "what to eat?", meaning=_SOUP).results
    assert (result.passage.text, result.matched_by, result.highlights) == ("Tomato soup with garlic.", ("meaning",), ())
    assert result.similarity == pytest.approx(1)


def test_a_note_is_found_by_a_word_alone(db: Database, user_id: UserId) -> None:
    answer = ask(db, user_id, "GT-140N")
    (result,) = answer.results
    assert (result.matched_by, result.similarity) == (("words",), None)
    assert marked_in(answer) == [["GT", "140N"]]
    assert not answer.is_degraded


def test_a_note_found_both_ways_comes_first(db: Database, user_id: UserId) -> None:
    answer = ask(db, user_id, "garlic dentist", meaning=unit(1, 0.99))
    assert texts_of(answer)[0] == "Tomato soup with garlic."
    assert [result.matched_by for result in answer.results] == [("meaning", "words"), ("meaning", "words")]
    assert [result.score for result in answer.results] == sorted((r.score for r in answer.results), reverse=True)


def test_a_word_beats_what_is_merely_the_second_nearest(db: Database, user_id: UserId) -> None:
    answer = ask(db, user_id, "140N", meaning=unit(1, 0.99))
    assert texts_of(answer).index("Locker code GT-140N, second floor.") < 2


@pytest.mark.parametrize(
    ("language", "text", "query", "marked"),
    [
        ("pt-BR", "Reunião com a equipe às nove.", "reuniões", ["Reunião"]),
        ("pt-BR", "Reunião com a equipe às nove.", "reuniao", ["Reunião"]),
        ("pt-BR", "As reunioes foram canceladas.", "reunião", ["reunioes"]),
        ("pt-PT", "Comprei pães e maçãs.", "maca", ["maçãs"]),
        ("pt-BR", "Imagens dos irmãos na praia.", "imagem", ["Imagens"]),
        ("en", "She was running late for the trains.", "train run", ["running", "trains"]),
        ("de", "Die Häuser am See.", "haus", ["Häuser"]),
        ("fr", "Nous avons mangé à l'hôtel.", "HOTEL", ["hôtel"]),
        ("ja", "会議は三時です GT-9", "gt-9", ["GT", "9"]),
        ("en", "Room B-12 at noon.", "b 12", ["B", "12"]),
        ("en", "Room B 12 at noon.", "B-12", ["B", "12"]),
        ("en", "Caf\u00e9 closes at six.", "cafe\u0301", ["Caf\u00e9"]),
        ("en", "Cafe\u0301 closes at six.", "CAF\u00c9", ["Cafe\u0301"]),
        ("en", "Write to ana.reis@example.org soon.", "ana.reis@example.org", ["ana.reis@example.org"]),
        ("en", "\U0001f600\U0001f600 soup \U0001f600", "soups", ["soup"]),
    ],
    ids=str,
)
def test_words_are_found_and_marked_whatever_their_form_or_accents(
    db: Database, owner: psycopg.Connection, language: str, text: str, query: str, marked: list[str]
) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), [text, "x"], [_SOUP, _SOUP], language=language)
    assert marked_in(ask(db, user_id, query)) == [marked]


def test_a_user_of_two_languages_is_found_in_both(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["The meetings went well."], [_SOUP], language="en")
    keep(db, user_id, add_block(owner, user_id), ["As reuniões foram boas."], [_SOUP], language="pt-BR")
    assert texts_of(ask(db, user_id, "meeting")) == ["The meetings went well."]
    assert texts_of(ask(db, user_id, "para a reunião")) == ["As reuniões foram boas."]


def test_few_words_mean_all_of_them_unless_too_few_notes_have_them(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    texts = ["red bicycle", "red car", "blue bicycle", "red bicycle bell"]
    keep(db, user_id, add_block(owner, user_id), texts, [_SOUP] * 4)
    assert texts_of(ask(db, user_id, "red bicycle", limit=2)) == ["red bicycle", "red bicycle bell"]
    answer = ask(db, user_id, "red bicycle", limit=4)
    assert set(texts_of(answer)) == set(texts)
    assert texts_of(answer)[:2] == ["red bicycle", "red bicycle bell"]


def test_a_frequent_word_of_a_long_question_says_nothing_beside_meaning(
    db: Database, owner: psycopg.Connection
) -> None:
    user_id = add_user(owner)
    texts = [f"we talked about number{number}" for number in range(20)]
    keep(db, user_id, add_block(owner, user_id), ["tomato soup", *texts], [_SOUP] + [_DENTIST] * 20)
    answer = ask(db, user_id, "what was that recipe somebody talked about with onions", meaning=_SOUP)
    assert texts_of(answer) == ["tomato soup"]


@pytest.mark.parametrize("failure", [VendorDown("no"), ProviderPaused("no"), VendorRefused("no")], ids=repr)
def test_words_are_found_while_the_provider_is_down(db: Database, user_id: UserId, failure: Any) -> None:
    answer = ask(db, user_id, "when is the dentist free", embedder=Down(failure))
    assert answer.is_degraded
    assert texts_of(answer) == ["The dentist has time on Tuesday."]
    assert marked_in(answer) == [["dentist"]]


def test_an_answer_of_no_use_to_a_question_is_counted_if_it_was_paid_for(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    usage = Usage(provider="acme", model="small", operation="embed", tokens=5)
    first = replace(usage, provider="first")
    useless = costing(VendorDown("no", failure="invalid_reply"), replace(usage, wasted=(first,)))
    assert ask(db, user_id, "dentist", embedder=Down(useless)).is_degraded
    kept = owner.execute("SELECT provider, operation_type, tokens_used FROM ai_usage ORDER BY provider").fetchall()
    assert kept == [("acme", "embed_query", 5), ("first", "embed_query", 5)]


def test_words_are_found_of_a_user_whose_model_is_not_served(
    db: Database, owner: psycopg.Connection, user_id: UserId
) -> None:
    embedder = Never()
    embedder.model = "another"
    answer = ask(db, user_id, "dentist", embedder=embedder)
    assert (answer.is_degraded, texts_of(answer)) == (True, ["The dentist has time on Tuesday."])
    assert count_of(owner, "ai_usage", user_id) == 0


def test_a_user_without_notes_costs_nothing(db: Database, owner: psycopg.Connection) -> None:
    answer = ask(db, add_user(owner), "dentist", embedder=Never())
    assert (answer.total, answer.is_degraded, list(answer.results)) == (0, False, [])


def test_what_a_question_cost_is_kept_once(db: Database, owner: psycopg.Connection, user_id: UserId) -> None:
    ask(db, user_id, "dentist")
    assert count_of(owner, "ai_usage", user_id) == 1


def test_another_users_words_are_not_found(db: Database, owner: psycopg.Connection, user_id: UserId) -> None:
    stranger = add_user(owner)
    keep(db, stranger, add_block(owner, stranger), ["nothing of the sort"], [NOTHING])
    assert texts_of(ask(db, stranger, "dentist soup GT-140N", meaning=_SOUP)) == []
    assert texts_of(ask(db, user_id, "sort", meaning=_CODE)) == ["Locker code GT-140N, second floor."]


def test_words_of_another_model_are_not_found(db: Database, owner: psycopg.Connection, user_id: UserId) -> None:
    keep(db, user_id, add_block(owner, user_id), ["a dentist of another space"], [_DENTIST], model="other")
    assert texts_of(ask(db, user_id, "dentist", meaning=_DENTIST)) == ["The dentist has time on Tuesday."]


@pytest.mark.parametrize(
    "query",
    [
        "the of and",
        "?!... --- ...",
        "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "& | ! <-> :* ( ) 'a\\' \"quoted",
        "'; DROP TABLE chunk_words; --",
        "\\'\\'\\",
        "%s %(query)s {scope}",
        "x" * 1_000,
        "\U0001d518" * 1_000,
        "a" + "\u0301" * 999,
        "\u202e\u0627\u0628\u062d\u062b \u0639\u0646\u202c",
        "ู" * 500,
        "a.b.c.d." * 125,
        "a-b-c-d-" * 125,
        "http://user:pw@host/path?x=1#y " * 30,
        "1e400 -0 \u0663\u066b\u0661\u0664 0x1F",
        " ".join(f"word{number}" for number in range(110)),
    ],
    ids=lambda query: ascii(query)[:24],
)
def test_any_question_has_an_honest_answer(db: Database, user_id: UserId, query: str) -> None:
    answer = ask(db, user_id, query)
    assert (list(answer.results), answer.is_degraded) == ([], False)
    assert list(ask(db, user_id, query, embedder=Down(VendorDown("no"))).results) == []


def test_pages_go_through_the_ranking_without_a_repeat(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    texts = [f"bicycle number{number:03}" for number in range(130)]
    keep(db, user_id, add_block(owner, user_id), texts, [_SOUP] * 130)
    whole = [text for skip in range(0, 120, 40) for text in texts_of(ask(db, user_id, "bicycle", skip=skip, limit=40))]
    assert len(whole) == len(set(whole)) == 100
    assert ask(db, user_id, "bicycle", limit=1).total == 100
