"""One scale of similarity for all embedding models."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ai.embedding_models import RELEVANT, cosine_of, similarity_of

_MODELS = ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2", "text-embedding-3-small", "unheard-of"]
_unit = st.floats(min_value=0, max_value=1)


@pytest.mark.parametrize("model", _MODELS)
@given(first=_unit, second=_unit)
def test_what_is_nearer_is_never_less_alike(model: str, first: float, second: float) -> None:
    nearer, farther = max(first, second), min(first, second)
    assert similarity_of(nearer, model=model) >= similarity_of(farther, model=model)


@pytest.mark.parametrize("model", _MODELS)
@given(similarity=_unit)
def test_a_threshold_comes_back_from_its_cosine(model: str, similarity: float) -> None:
    assert similarity_of(cosine_of(similarity, model=model), model=model) == pytest.approx(similarity, abs=1e-9)


@pytest.mark.parametrize("model", _MODELS)
@pytest.mark.parametrize(("cosine", "similarity"), [(-1, 0), (-0.0001, 0), (0, 0), (1, 1), (1.0001, 1)])
def test_the_ends_are_the_ends_of_the_scale(model: str, cosine: float, similarity: float) -> None:
    assert similarity_of(cosine, model=model) == similarity


def test_a_model_nobody_measured_is_taken_at_its_word() -> None:
    assert similarity_of(0.42, model="unheard-of") == pytest.approx(0.42)
    assert cosine_of(RELEVANT, model="unheard-of") == pytest.approx(RELEVANT)


def test_a_models_name_may_have_an_owner_before_it() -> None:
    assert similarity_of(0.2, model="owner/all-MiniLM-L6-v2") == similarity_of(0.2, model="all-MiniLM-L6-v2") != 0.2
