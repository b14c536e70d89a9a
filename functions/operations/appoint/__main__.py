"""`python -m functions.operations.appoint --uid ... --by ... --reason ...` at the database of DATABASE_URL.

With `--dismiss` the other way round, with `--list` who there is.
"""

import argparse
import sys

from pydantic import ValidationError

from functions.operations.appoint.order import carry_out
from functions.operations.appoint.schemas import AppointOrder
from shared.config.environment import Settings, load
from shared.db.connection import Database
from shared.errors import SecondBrainError


class AppointSettings(Settings):
    """What the command reads of its environment: the URL of the role that owns the tables."""

    database_url: str


parser = argparse.ArgumentParser(prog="appoint", description="Who may administer, besides a token that says so.")
parser.add_argument("--uid", help="the Firebase uid of somebody who has signed in before")
parser.add_argument("--by", help="your own name, for the record")
parser.add_argument("--reason", help="why, for the record: 3 to 500 characters")
what = parser.add_mutually_exclusive_group()
what.add_argument("--dismiss", dest="what", action="store_const", const="dismiss", default="appoint")
what.add_argument("--list", dest="what", action="store_const", const="list")
given = parser.parse_args()
try:
    order = AppointOrder(what=given.what, uid=given.uid, by=given.by, reason=given.reason)
    print("\n".join(carry_out(Database(load(AppointSettings).database_url), order)))
except ValidationError as error:
    sys.exit("\n".join(f"--{entry['loc'][-1]}: {entry['msg']}" for entry in error.errors()))
except SecondBrainError as error:
    sys.exit(error.detail)
except ValueError as error:
    sys.exit(str(error))
