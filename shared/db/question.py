"""A question to the database that is asked together with others, in one round trip."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from psycopg import sql

from shared.values import frozen

AnswerT_co = TypeVar("AnswerT_co", covariant=True)


@frozen
class Question(Generic[AnswerT_co]):
    """One SELECT with its values in it, and what its first row means; None is no row."""

    statement: sql.Composed
    read: Callable[[Any], AnswerT_co]
