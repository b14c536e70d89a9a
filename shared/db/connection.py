"""One connection for each execution environment, and the only way to open a transaction on it.

Lambda freezes processes between invocations, which kills sockets silently and stops pool threads: hence one
connection, no pool, and a second try of BEGIN on a new connection when the kept one proves dead. Later statements
are never repeated here: after COMMIT was sent, only reading the truth again can tell what happened.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import RLock
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow, dict_row

from shared import metrics
from shared.db.afterwards import done_when_committed
from shared.db.database_url import read_database_url
from shared.db.messages import ahead_of, beginning_of
from shared.db.packed_vector import dump_arrays_as_vectors
from shared.db.selection import Selection, rows_together, texts_of
from shared.db.sign_in import sign_in
from shared.errors import Busy, DatabaseUnavailable, Invalid, NotFound, OutcomeUnknown
from shared.ids import UserId
from shared.values import frozen

Transaction = psycopg.Connection[TupleRow]
"""An open transaction: what every step and every repository function takes first."""

Row = Mapping[str, Any] | None
"""The first row of what was asked, by the columns' names; None if there is none."""

AnswerT = TypeVar("AnswerT")

dump_arrays_as_vectors()

_TOO_SLOW = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)  # the connection itself lives


@frozen
class _Ahead:
    """A transaction that is begun, and whom it is confined to: None when nobody was found."""

    user_id: UserId | None


@dataclass
class _Work:
    """Whether everything but the COMMIT was done when an error came."""

    is_done: bool = False


class Database:
    """A Postgres database reached through one connection, opened at first use.

    With `prepare_threshold=5` in the URL's query, a statement that came five times is prepared, and planned no more.
    That is for connections straight to the server: poolers in transaction mode share its sessions (docs/adr/0002).
    With `auth=iam` a token is signed in place of a password, for each new connection (docs/adr/0046).
    Threads take turns: a worker's heartbeat uses its worker's connection.
    """

    def __init__(self, url: str) -> None:
        self._url = read_database_url(url)
        self._connection: Transaction | None = None
        self._ahead: _Ahead | None = None
        self._turn = RLock()

    @contextmanager
    def transaction(
        self, user_id: UserId | None, *, may_be_lost: bool = False, is_snapshot: bool = False
    ) -> Generator[Transaction]:
        """Open a transaction confined to one user's rows by row-level security; commit on leaving.

        With `user_id` None no tenant is set: tenant tables then show no row at all, except to the
        roles whose policies say otherwise (the sweep's). What `may_be_lost` is committed without waiting for the
        disk: a crash of the server within the next second may undo it. An `is_snapshot` only reads, and all its
        statements see the database as it was at one moment. What is measured inside (shared/metrics.py) is told once
        it is committed, and what waits for it (shared/db/afterwards.py) is done.

        Raises:
            DatabaseUnavailable: it cannot be reached, nothing was changed.
            OutcomeUnknown: the connection broke while committing.
            NotFound: what a new row hangs on was deleted meanwhile, or is another user's.
            Busy: a deadlock (then momentary), or a lock or a statement that took too long; nothing was changed.
        """
        is_plain = not (may_be_lost or is_snapshot)
        with self._turn, self._errors_as_ours() as work, ExitStack() as stack:
            connection = self._taken_over(user_id) if is_plain else None
            if connection is None:
                beginning = beginning_of(user_id, may_be_lost=may_be_lost, is_snapshot=is_snapshot)
                connection = self._begun(beginning)
            stack.enter_context(metrics.dropped_on_failure())
            stack.enter_context(done_when_committed())
            stack.push(partial(_end, connection))
            yield connection
            work.is_done = True

    def ask_ahead(self, selections: Sequence[Selection[Any]], *, beginning_for: Selection[UserId] | None) -> list[Row]:
        """The first row of each (None: no row), in one round trip, and committed whatever comes after.

        What one sets for its transaction holds for those behind it. Rows are not made into anything yet: what becomes
        of one may depend on those before it. `beginning_for` selects the user whom the transaction that follows is
        confined to, and sets them; that transaction is begun in the same message, and is what `transaction` then gives
        for that user (docs/adr/0031). Until then, and until `let_go`, no vendor may be asked. Raises what
        `transaction` raises.
        """
        with self._turn, self._errors_as_ours():
            self.let_go()
            rows = self._alive(lambda tx: _first_rows(tx, selections, beginning_for))
            if beginning_for is not None:
                self._ahead = _Ahead(user_id=beginning_for.of(rows.pop()))
            return rows

    def let_go(self) -> None:
        """End the transaction that was begun ahead, if nobody took it over: nothing was done in it."""
        if self._ahead is not None and self._connection is not None:
            _end(self._connection, RuntimeError)
        self._ahead = None

    def select_together(self, user_id: UserId, selections: Sequence[Selection[Any]]) -> list[list[Any]]:
        """The rows of each of these, confined to one user's: a transaction of its own, in one round trip.

        Each sees the database as it is when its turn comes. Raises what `transaction` raises.
        """
        with self._turn, self._errors_as_ours():
            if self._taken_over(user_id) is not None:
                return _selected(self._kept(), selections)
            self.let_go()
            begin = beginning_of(user_id, may_be_lost=False, is_snapshot=False)
            return self._alive(lambda tx: _selected(tx, selections, begin=begin))

    def ask(self, question: Callable[[Transaction], AnswerT]) -> AnswerT:
        """The answer to statements that only read, without BEGIN and COMMIT around them: each sees its own moment.

        Of tenants' rows they see none, unless each confines itself to one user's by `confined_to` (docs/adr/0030).
        Raises what `transaction` raises.
        """
        with self._turn, self._errors_as_ours():
            self.let_go()
            return self._alive(question)

    def tell(self, statement: Callable[[Transaction], object]) -> None:
        """Have one statement write, without BEGIN and COMMIT around it. It confines itself to one user's rows.

        It is not repeated on a new connection, as what only asks is. Raises what `transaction` raises.
        """
        with self._turn, self._errors_as_ours() as work:
            self.let_go()
            connection = self._kept()
            work.is_done = True
            statement(connection)

    def check(self) -> None:
        """Raise DatabaseUnavailable unless the database answers."""
        self.ask(lambda tx: tx.execute("SELECT 1"))

    def close(self) -> None:
        """Close the connection, if there is one."""
        self._ahead = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _errors_as_ours(self) -> Generator["_Work"]:
        work = _Work()
        try:
            yield work
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
            raise Busy("Another change to the same thing was under way. Try again.", is_momentary=True) from error
        except psycopg.errors.FeatureNotSupported as error:
            # "cached plan must not change result type": prepared before a migration. A new connection knows no plans.
            self.close()
            raise Busy("The database has just changed its shape. Try again.", is_momentary=True) from error
        except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as error:
            raise Busy("The database did not answer in time. Try again.") from error
        except psycopg.errors.ForeignKeyViolation as error:
            raise NotFound("What this belongs to is gone.") from error
        except (psycopg.DataError, psycopg.errors.CheckViolation, UnicodeEncodeError) as error:
            raise Invalid("A value cannot be stored: too large, or text that is not Unicode without NUL.") from error
        except (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError) as error:
            # InternalError: read-only after a failover (25006), or ended for being idle too long (25P03).
            self.close()
            if work.is_done:
                raise OutcomeUnknown(
                    "The connection broke while saving. Read again before repeating the change."
                ) from error
            raise DatabaseUnavailable(
                "The connection to the database broke; nothing was changed. Try again."
            ) from error

    def _taken_over(self, user_id: UserId | None) -> Transaction | None:
        """The transaction that was begun ahead for this user; None if there is none."""
        if self._ahead is None or self._ahead.user_id != user_id:
            return None
        self._ahead = None
        return self._kept()

    def _begun(self, beginning: sql.Composed) -> Transaction:
        """A new transaction; one that was begun ahead for others ends in the message that begins it."""
        is_ahead, self._ahead = self._ahead is not None, None
        if is_ahead:
            beginning = sql.SQL("ROLLBACK; ") + beginning
        return self._alive(lambda tx: _begin(tx, beginning, ends_another=is_ahead))

    def _alive(self, first: Callable[[Transaction], AnswerT]) -> AnswerT:
        """Do the first thing, on a new connection if the kept one turns out to be dead: nothing is written yet."""
        try:
            return first(self._kept())
        except _TOO_SLOW:
            raise
        except psycopg.OperationalError:
            self.close()
            return first(self._kept())

    def _kept(self) -> Transaction:
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> Transaction:
        try:
            return psycopg.connect(
                self._url.libpq,
                autocommit=True,
                prepare_threshold=self._url.prepare_threshold,
                password=sign_in(self._url),
                connect_timeout=3,
                keepalives=1,
                keepalives_idle=15,
                keepalives_interval=5,
                keepalives_count=2,
                # A socket that died while frozen gives no answer at all: unacknowledged bytes end it after 5 s.
                tcp_user_timeout=5_000,
            )
        except psycopg.OperationalError as error:
            raise DatabaseUnavailable("The database cannot be reached. Try again in a moment.") from error


def _first_rows(
    connection: Transaction, selections: Sequence[Selection[Any]], beginning_for: Selection[UserId] | None
) -> list[Row]:
    """Of each result that has rows at all."""
    asked = texts_of(connection, selections if beginning_for is None else [*selections, beginning_for])
    beginning = None if beginning_for is None else asked.pop()
    message = ahead_of(asked, beginning).encode()
    with _ended_on_failure(connection), connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(message)
        return [result.fetchone() for result in cursor.results() if result.description is not None]


def _selected(
    connection: Transaction, selections: Sequence[Selection[Any]], *, begin: sql.Composed | None = None
) -> list[list[Any]]:
    with _ended_on_failure(connection):
        return rows_together(connection, selections, begin=begin)


@contextmanager
def _ended_on_failure(connection: Transaction) -> Generator[None]:
    try:
        yield
    except psycopg.Error:
        _end(connection, RuntimeError)
        raise


def _begin(connection: Transaction, beginning: sql.Composed, *, ends_another: bool) -> Transaction:
    if not ends_another and connection.info.transaction_status is TransactionStatus.INTRANS:
        raise RuntimeError("transactions do not nest: the inner COMMIT would commit the outer")
    connection.execute(beginning)
    return connection


def _end(connection: Transaction, kind: type[BaseException] | None, *_: object) -> None:
    """COMMIT, or ROLLBACK after an error; a connection that cannot even roll back is not used again."""
    if kind is not None:
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            connection.close()
    elif connection.execute("COMMIT").statusmessage != "COMMIT":
        raise RuntimeError("a statement had failed and its error was swallowed: nothing was committed")
