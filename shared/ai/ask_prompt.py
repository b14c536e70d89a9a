"""The messages in which notes are asked: rules in the one, notes and question in the other, notes within a fence."""

import secrets
from collections.abc import Iterator

from shared.ai.capabilities import Passage, QuestionToNotes
from shared.ai.prompt_file import Prompt
from shared.ai.token_estimate import estimate_tokens

_FENCE_BYTES = 12
_TOKENS_AROUND = 24
"""What a passage's opening and closing lines may take."""

Messages = list[dict[str, str]]


def new_fence() -> str:
    """A code for the lines around passages, made anew for each request: no note can hold it."""
    return secrets.token_hex(_FENCE_BYTES)


def messages_of(asked: QuestionToNotes, prompt: Prompt, *, fence: str) -> Messages:
    """The rules as the system's message; everything of the user's, theirs and their notes', as the user's."""
    rules = prompt.in_language(asked.language).replace("{fence}", fence)
    return [{"role": "system", "content": rules}, {"role": "user", "content": "\n".join(_lines(asked, fence))}]


def passage_tokens(text: str) -> int:
    """An upper estimate of what a passage of this text takes in the prompt."""
    return estimate_tokens(text) + _TOKENS_AROUND


def prompt_tokens(asked: QuestionToNotes, prompt: Prompt) -> int:
    """An upper estimate of the whole prompt."""
    fence = "0" * (2 * _FENCE_BYTES)
    return sum(estimate_tokens(message["content"]) for message in messages_of(asked, prompt, fence=fence))


def _lines(asked: QuestionToNotes, fence: str) -> Iterator[str]:
    for turn in asked.earlier:
        yield f"<earlier {fence}>"
        yield f"Asked: {turn.question}"
        yield f"Answered: {turn.answer}"
        yield f"</earlier {fence}>"
    for passage in asked.passages:
        yield from _of_passage(passage, fence)
    yield f"<question {fence}>"
    yield asked.question
    yield f"</question {fence}>"


def _of_passage(passage: Passage, fence: str) -> Iterator[str]:
    yield f"<passage {passage.number} captured {passage.captured_on.isoformat()} {fence}>"
    yield passage.text
    yield f"</passage {passage.number} {fence}>"
