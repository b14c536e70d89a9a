"""What a database's URL says: to libpq, and to us.

Two words in its query are ours, and are taken out before libpq sees it: `prepare_threshold=5`, after how many times a
statement is prepared (docs/adr/0002), and `auth=iam`: we sign in with a token of AWS's Identity and Access Management
in place of a password (docs/adr/0046).
"""

import re

from psycopg.conninfo import conninfo_to_dict

from shared.config.settings_error import SettingsError
from shared.values import frozen

SYSTEM_AUTHORITIES = "/etc/pki/tls/certs/ca-bundle.crt"
"""Where Amazon Linux 2023, which Lambda runs, keeps the authorities the world trusts: RDS Proxy's is among them.

psycopg's wheel brings an OpenSSL of its own that looks elsewhere, so libpq's `sslrootcert=system` finds none there.
"""

_TOKENS_ARE_SENT_TO = "verify-full"


@frozen
class DatabaseUrl:
    """A URL as libpq knows it; after how many times a statement is prepared (None: never); who signs us in."""

    libpq: str
    prepare_threshold: int | None
    is_signed_in_by_iam: bool


def read_database_url(text: str) -> DatabaseUrl:
    """What it says. SettingsError for `auth=iam` with a server whose name is not verified: its token is a password."""
    rest, threshold = _without(text, "prepare_threshold", "[0-9]+")
    rest, auth = _without(rest, "auth", "iam")
    return DatabaseUrl(
        libpq=rest if auth is None else _verified(rest),
        prepare_threshold=None if threshold is None else int(threshold),
        is_signed_in_by_iam=auth is not None,
    )


def _without(url: str, name: str, value: str) -> tuple[str, str | None]:
    """The URL without a word of its query, and that word's value; None if it has none of that form."""
    found = re.search(rf"([?&]){name}=({value})(?=&|$)", url)
    if found is None:
        return url, None
    before, after = url[: found.start()], url[found.end() :]
    return (f"{before}?{after[1:]}" if found.group(1) == "?" and after else before + after), found.group(2)


def _verified(url: str) -> str:
    parts = conninfo_to_dict(url)
    is_whole = parts.get("host") and parts.get("user") and not parts.get("password")
    if not is_whole or parts.get("sslmode") != _TOKENS_ARE_SENT_TO:
        raise SettingsError(
            "DATABASE_URL with auth=iam must name role and host, say sslmode=verify-full, and hold no password."
        )
    return url if parts.get("sslrootcert") else f"{url}&sslrootcert={SYSTEM_AUTHORITIES}"
