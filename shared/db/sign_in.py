"""How a connection proves who it is: by the password in its URL, or by a token that is signed now."""

from datetime import UTC, datetime

from psycopg.conninfo import conninfo_to_dict

from shared.config.credentials import read_credentials, read_region
from shared.db.database_url import DatabaseUrl
from shared.db.iam_token import Entrance

_PORT = 5432


def sign_in(url: DatabaseUrl) -> str | None:
    """The password that is good for signing in now; None where the URL has all that is needed.

    Raises SettingsError when a token is to be signed, and region or key are not in the environment.
    """
    if not url.is_signed_in_by_iam:
        return None
    parts = conninfo_to_dict(url.libpq)
    entrance = Entrance(
        host=str(parts["host"]), port=int(parts.get("port") or _PORT), role=str(parts["user"]), region=read_region()
    )
    return entrance.token(read_credentials(), datetime.now(UTC))
