"""Tokens are rather over- than underestimated: they are reserved by this."""

import pytest

from dev.vendors.ai_minilm import MiniLM
from evaluation.corpus import read_corpus
from shared.ai.token_estimate import estimate_tokens


def test_no_note_has_more_tokens_than_were_estimated() -> None:
    model = MiniLM()
    notes = [note.text for life in read_corpus().lives for note in life.notes]
    assert [text for text in notes if estimate_tokens(text) < model.count_tokens([text]) - 2] == []


@pytest.mark.parametrize(("text", "least"), [("", 0), ("a", 1), ("漢字", 2), ("🔥", 2), ("\ud800", 1)])
def test_every_script_has_its_share(text: str, least: int) -> None:
    assert estimate_tokens(text) >= least
