"""Reads a question: what it asks about, in which words, and which of the user's chunks may answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shared.db.connection import Transaction
from shared.identity.locale_of import locale_of
from shared.ids import UserId
from shared.search import word_repository
from shared.search.asked import Asked, Filters, Term
from shared.search.find_space import find_space
from shared.search.model import Space
from shared.search.scope_repository import Scope, find_scope
from shared.search.words import terms_of
from shared.when.model import Period, Question
from shared.when.read_question import read_question


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is looked for, and where: `text` is the question without the time in it, `period` that time."""

    space: Space
    text: str
    terms: Sequence[Term]
    period: Period | None
    scope: Scope

    @property
    def is_only_a_time(self) -> bool:
        """Whether nothing but a time was asked: what was noted then answers, whatever it is about."""
        return self.period is not None and not self.terms


def plan_search(tx: Transaction, user_id: UserId, asked: Asked) -> Plan | None:
    """How to answer what is asked; None for a user without anything to find.

    A time in the question narrows the search to what was captured then or speaks of then, unless the caller said
    themselves from when to when.
    """
    space = find_space(tx, user_id)
    if space is None:
        return None
    question = _read(tx, user_id, asked)
    text = question.rest or asked.query
    found = word_repository.read_terms(tx, languages=space.languages, text=question.rest)
    filters: Filters = replace(asked.filters, period=question.period)
    return Plan(
        space=space,
        text=text,
        terms=terms_of(found, languages=space.languages),
        period=question.period,
        scope=find_scope(tx, user_id, space, filters),
    )


def _read(tx: Transaction, user_id: UserId, asked: Asked) -> Question:
    if asked.filters.captured_from is not None or asked.filters.captured_to is not None:
        return Question(period=None, rest=asked.query)
    locale = locale_of(tx, user_id)
    return read_question(
        asked.query,
        now=asked.now or datetime.now(UTC),
        time_zone=asked.time_zone or locale.time_zone,
        language=asked.language or locale.language,
    )
