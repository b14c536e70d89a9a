"""`make soak`: what `make test` does for seconds, for hours; on a server of its own.

PARTS=users,ledger asks for some of it; OPERATIONS=100000 for fewer operations on the ledger, REQUESTS=10000 for fewer
requests of the others; SECOND_BRAIN_SEED repeats a run that found something.
"""

import os
import sys
from collections.abc import Callable, Mapping

from dev.postgres import Postgres
from tests.fixtures.seeds import VARIABLE, seed_of_this_run
from tests.fixtures.throwaway_postgres import throwaway_postgres
from tests.soak.fuzzed_api import fuzz_api
from tests.soak.ledger import play_ledger
from tests.soak.saying import say
from tests.soak.users import interleave_users

_OPERATIONS = 1_000_000
_REQUESTS = 100_000

PARTS: Mapping[str, Callable[[Postgres], str]] = {
    "ledger": lambda server: play_ledger(server, _number("OPERATIONS", _OPERATIONS)),
    "users": lambda server: interleave_users(server, _number("REQUESTS", _REQUESTS)),
    "api": lambda _: fuzz_api(_number("REQUESTS", _REQUESTS)),
}


def main() -> int:
    """0 when nothing was found; what is found is raised."""
    wanted = list(filter(None, os.environ.get("PARTS", "").split(","))) or list(PARTS)
    unknown = set(wanted) - PARTS.keys()
    if unknown:
        say(f"PARTS knows {', '.join(PARTS)}, not {', '.join(sorted(unknown))}.\n")
        return 2
    say(f"soak: {', '.join(wanted)}; {VARIABLE}={seed_of_this_run()}\n")
    with throwaway_postgres() as server:
        for part in wanted:
            say(f"\nsoak: {PARTS[part](server)}\n")
    return 0


def _number(variable: str, usual: int) -> int:
    return int(os.environ.get(variable) or usual)


if __name__ == "__main__":
    sys.exit(main())
