"""Reads a question: what it asks about, in which words, and which of the user's chunks may answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.db.connection import Database
from shared.ids import UserId
from shared.search import word_repository
from shared.search.asked import Asked, Filters, Term
from shared.search.find_space import find_space
from shared.search.model import Space
from shared.search.scope_repository import EVERYTHING, Scope, find_scope
from shared.search.words import terms_of
from shared.values import frozen
from shared.when.model import Period, Question
from shared.when.read_question import read_question


@frozen
class Plan:
    """What is looked for, and where: `text` is the question without the time in it, `period` that time."""

    space: Space
    text: str
    terms: Sequence[Term]
    period: Period | None
    scope: Scope

    @property
    def is_simple(self) -> bool:
        """Whether everything may be found, and all of it is looked at: functions of the database do that."""
        return self.scope is EVERYTHING and not self.space.is_keyed

    @property
    def is_only_a_time(self) -> bool:
        """Whether nothing but a time was asked: what was noted then answers, whatever it is about."""
        return self.period is not None and not self.terms


def plan_search(db: Database, user_id: UserId, asked: Asked) -> Plan | None:
    """How to answer what is asked; None for a user without anything to find.

    A time in the question narrows the search to what was captured then or speaks of then, unless the caller said
    themselves from when to when.
    """
    space = db.ask(lambda tx: find_space(tx, user_id))
    if space is None:
        return None
    question = _read(space, asked)
    found = db.ask(lambda tx: word_repository.read_terms(tx, languages=space.languages, text=question.rest))
    return Plan(
        space=space,
        text=question.rest or asked.query,
        terms=terms_of(found, languages=space.languages),
        period=question.period,
        scope=_scope(db, user_id, space, replace(asked.filters, period=question.period)),
    )


def _read(space: Space, asked: Asked) -> Question:
    if asked.filters.captured_from is not None or asked.filters.captured_to is not None:
        return Question(period=None, rest=asked.query)
    return read_question(
        asked.query,
        now=asked.now or datetime.now(UTC),
        time_zone=asked.time_zone or space.time_zone,
        language=asked.language or space.language,
    )


def _scope(db: Database, user_id: UserId, space: Space, filters: Filters) -> Scope:
    if filters.is_empty:
        return EVERYTHING
    with db.transaction(user_id) as tx:
        return find_scope(tx, user_id, space, filters)
