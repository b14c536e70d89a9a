"""Embeddings of the local AI server, asked for with OpenAI's SDK."""

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from openai import BadRequestError

from tests.fixtures.local_ai import LocalAi

MODEL = "text-embedding-3-small"
SENTENCES = [
    "On Tuesday I see the dentist.",
    "We move the launch to September because testing needs two more weeks than Daniel thought at first.",
    "Soup.",
    "In the summer we take the train to the mountains.",
]


def embed(server: LocalAi, texts: list[str]) -> NDArray[np.float32]:
    answer = server.openai.embeddings.create(model=MODEL, input=texts)
    return np.array([entry.embedding for entry in answer.data], dtype=np.float32)


def test_a_text_becomes_a_unit_vector_of_1536_dimensions(local_ai: LocalAi) -> None:
    vector = embed(local_ai, SENTENCES[:1])[0]
    assert vector.shape == (1536,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert not vector[384:].any()


def test_the_similarities_are_the_ones_the_models_authors_publish(local_ai: LocalAi) -> None:
    # https://sbert.net/#usage: the model card's own example, to four digits.
    vectors = embed(local_ai, ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."])
    similarities = vectors @ vectors.T
    assert similarities[0, 1] == pytest.approx(0.6660, abs=1e-4)
    assert similarities[0, 2] == pytest.approx(0.1046, abs=1e-4)
    assert similarities[1, 2] == pytest.approx(0.1411, abs=1e-4)


@pytest.mark.parametrize(
    ("one", "paraphrase", "unrelated"),
    [
        ("My tooth hurts when I drink.", "I have a toothache with cold drinks.", "The launch moves to September."),
        ("We will travel by train.", "The journey is by rail.", "Garlic and tomatoes go into the soup."),
        ("Buy milk and coffee.", "The groceries: coffee, milk.", "Daniel talked about the project."),
    ],
)
def test_a_paraphrase_is_nearer_than_something_else(
    local_ai: LocalAi, one: str, paraphrase: str, unrelated: str
) -> None:
    vectors = embed(local_ai, [one, paraphrase, unrelated])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_batch_gives_the_same_vectors_in_the_same_order_as_single_texts(local_ai: LocalAi) -> None:
    batch = embed(local_ai, SENTENCES)
    singles = np.concatenate([embed(local_ai, [sentence]) for sentence in SENTENCES])
    assert np.abs(batch - singles).max() < 1e-5


def test_floats_and_base64_carry_the_same_vector(local_ai: LocalAi) -> None:
    plain = local_ai.openai.embeddings.create(model=MODEL, input=SENTENCES[0], encoding_format="float")
    assert np.array(plain.data[0].embedding, dtype=np.float32) == pytest.approx(embed(local_ai, SENTENCES[:1])[0])


@pytest.mark.parametrize("dimensions", [384, 512, 1536])
def test_the_dimensions_asked_for_are_given(local_ai: LocalAi, dimensions: int) -> None:
    answer = local_ai.openai.embeddings.create(model=MODEL, input="soup", dimensions=dimensions)
    assert len(answer.data[0].embedding) == dimensions


def test_only_what_the_model_reads_of_a_long_text_counts(local_ai: LocalAi) -> None:
    answer = local_ai.openai.embeddings.create(model=MODEL, input=["one two three", "word " * 1_000])
    assert answer.usage.prompt_tokens == 5 + 256
    assert answer.model == "all-MiniLM-L6-v2"


@pytest.mark.parametrize("dimensions", [383, 1537])
def test_dimensions_that_cannot_be_given_are_refused(local_ai: LocalAi, dimensions: int) -> None:
    with pytest.raises(BadRequestError) as refusal:
        local_ai.openai.embeddings.create(model=MODEL, input="soup", dimensions=dimensions)
    assert refusal.value.param == "dimensions"


@pytest.mark.parametrize("texts", ["", [], [""], ["soup"] * 2_049])
def test_nothing_and_too_much_are_refused(local_ai: LocalAi, texts: str | list[str]) -> None:
    with pytest.raises(BadRequestError) as refusal:
        local_ai.openai.embeddings.create(model=MODEL, input=texts)
    assert refusal.value.param == "input"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"input": 3}', b'{"input": "\xff"}'])
def test_what_is_no_request_is_answered_in_openais_error_shape(local_ai: LocalAi, body: bytes) -> None:
    answer = httpx.post(f"{local_ai.address}/v1/embeddings", content=body)
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
