"""What to search for when a question follows on others: "and when was that?" means nothing by itself.

Measured on 139 questions of the evaluation (tune) with MiniLM, the share whose passage is among the first twelve: of
questions that stand for themselves 65 % when asked alone, 47 % together with one about something else; of short ones
("and when was that?") 2 % alone and 65 % together. So what is short is searched for together with what it follows on,
and the rest alone: 62 and 65 %. Having a model write the query anew would take a second call for each question.
"""

import re
from collections.abc import Sequence

_LONG_WORD = re.compile(r"\w{4,}")
_WORDS_TO_STAND = 3
_MAX_CHARS = 1_000


def search_query(question: str, earlier: Sequence[str]) -> str:
    """The question, after as many of those before it (oldest first) as it takes to know what it is about."""
    query = question
    for before in reversed(earlier):
        if _stands(query):
            break
        query = f"{before} {query}"
    return query[-_MAX_CHARS:]


def _stands(question: str) -> bool:
    return len(_LONG_WORD.findall(question)) >= _WORDS_TO_STAND
