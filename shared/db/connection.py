"""One connection for each execution environment, and the only way to open a transaction on it.

Lambda freezes processes between invocations, which kills sockets silently and stops pool threads: hence one
connection, no pool, and a second try of BEGIN on a new connection when the kept one proves dead. Later statements
are never repeated here: after COMMIT was sent, only reading the truth again can tell what happened.
"""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import psycopg
from psycopg.rows import TupleRow

from shared.errors import Busy, DatabaseUnavailable, Invalid, OutcomeUnknown
from shared.ids import UserId

Transaction = psycopg.Connection[TupleRow]
"""An open transaction: what every step and every repository function takes first."""


class Database:
    """A Postgres database reached through one connection, opened at first use."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Transaction | None = None

    @contextmanager
    def transaction(self, user_id: UserId | None) -> Generator[Transaction]:
        """Open a transaction confined to one user's rows by row-level security; commit on leaving.

        With `user_id` None no tenant is set: tenant tables then show no row at all, except to the
        roles whose policies say otherwise (the sweep's).

        Raises:
            DatabaseUnavailable: it cannot be reached, nothing was changed.
            OutcomeUnknown: the connection broke while committing.
            Busy: a deadlock (then momentary), or a lock or a statement that took too long; nothing was changed.
        """
        work_is_done = False
        try:
            with ExitStack() as stack:
                yield self._begin(stack, user_id)
                work_is_done = True
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
            raise Busy("Another change to the same thing was under way. Try again.", is_momentary=True) from error
        except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as error:
            raise Busy("The database did not answer in time. Try again.") from error
        except (psycopg.DataError, psycopg.errors.CheckViolation, UnicodeEncodeError) as error:
            raise Invalid("A value cannot be stored: too large, or text that is not Unicode without NUL.") from error
        except (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError) as error:
            # InternalError: read-only after a failover (25006), or ended for being idle too long (25P03).
            self.close()
            if work_is_done:
                raise OutcomeUnknown(
                    "The connection broke while saving. Read again before repeating the change."
                ) from error
            raise DatabaseUnavailable(
                "The connection to the database broke; nothing was changed. Try again."
            ) from error

    def check(self) -> None:
        """Raise DatabaseUnavailable unless the database answers."""
        with self.transaction(None) as tx:
            tx.execute("SELECT 1")

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _begin(self, stack: ExitStack, user_id: UserId | None) -> Transaction:
        """Begin, on a new connection if the kept one turns out to be dead: nothing is written yet."""
        try:
            return self._begin_on(self._connection or self._connect(), stack, user_id)
        except psycopg.OperationalError:
            self.close()
            return self._begin_on(self._connect(), stack, user_id)

    def _begin_on(self, connection: Transaction, stack: ExitStack, user_id: UserId | None) -> Transaction:
        self._connection = connection
        with ExitStack() as attempt:  # a connection that dies between the two leaves nothing on `stack`
            attempt.enter_context(connection.transaction())
            if user_id is not None:
                connection.execute("SELECT set_config('app.user_id', %s, true)", [str(user_id)])
            stack.push(attempt.pop_all())
        return connection

    def _connect(self) -> Transaction:
        try:
            # prepare_threshold=None: poolers in transaction mode share server sessions, and a prepared
            # plan outlives a migration (0A000 "cached plan must not change result type").
            return psycopg.connect(
                self._url,
                autocommit=True,
                prepare_threshold=None,
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
