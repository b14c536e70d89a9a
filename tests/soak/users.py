"""Two users on one connection, with errors in between, for as long as one likes."""

import time
from collections.abc import Mapping

import psycopg

from dev.postgres import Postgres
from functions.api.profile.routes import Routes as ProfileRoutes
from functions.api.sessions.routes import Routes as SessionsRoutes
from functions.api.sync.routes import Routes as SyncRoutes
from shared.db.connection import Database
from shared.edge.http import Handler, http_handler
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.interleaved import interleave
from tests.fixtures.seeds import chance
from tests.fixtures.throwaway_postgres import TEMPLATE
from tests.soak.saying import nothing_else_said, say

_ROUND = 5_000  # requests before both users are new ones: a list of sessions stays as short as a page


def interleave_users(server: Postgres, wanted: int) -> str:
    """Round after round. Returns what there is to say."""
    started, done = time.monotonic(), 0
    while done < wanted:
        name = f"users_{done}"
        server.create_database(name, template=TEMPLATE)
        db = Database(server.url(name, role="second_brain_app"))
        with psycopg.connect(server.url(name), autocommit=True) as owner:
            requests = min(_ROUND, wanted - done)
            with nothing_else_said():
                interleave(_handlers(db), db, owner, requests=requests, chance=chance(name))
        db.close()
        server.drop_database(name)
        done += requests
        say(f"\r  {done:>9,} of {wanted:,}  {done / (time.monotonic() - started):5.0f}/s")
    return f"{done:,} requests of two users on one connection, 0 foreign rows"


def _handlers(db: Database) -> Mapping[str, Handler]:
    queue = MemoryQueue()
    return {
        "sessions": http_handler(SessionsRoutes(db=db, queue=queue).endpoints(), db),
        "profile": http_handler(ProfileRoutes(db=db).endpoints(), db),
        "sync": http_handler(SyncRoutes(db=db).endpoints(), db),
    }
