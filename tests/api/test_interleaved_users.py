"""Two users share one connection, as all callers of an execution environment do: neither ever meets the other."""

from collections.abc import Mapping

import psycopg

from shared.db.connection import Database
from shared.edge.http import Handler
from tests.fixtures.interleaved import interleave
from tests.fixtures.security_table import RecordSecurity, SecurityRow
from tests.fixtures.seeds import chance

REQUESTS = 1_000


def test_a_thousand_requests_of_two_users_on_one_connection_with_errors_in_between(
    handlers: Mapping[str, Handler], api_db: Database, everything: psycopg.Connection, record_security: RecordSecurity
) -> None:
    statuses = interleave(handlers, api_db, everything, requests=REQUESTS, chance=chance("interleaved users"))
    assert statuses.keys() >= {"200", "201", "404", "422", "500", "503"}, statuses
    answered = ", ".join(f"{number} x {status}" for status, number in sorted(statuses.items()))
    size = f"{REQUESTS:,} requests: {answered}"
    record_security(SecurityRow(test="two users on one connection, with errors", size=size, found="0 foreign rows"))
