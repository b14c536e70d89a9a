"""Lets the roles of functions sign in, as the owner: by the passwords in their own URLs, or by IAM.

The first migration makes them without any. Nothing is derived or kept here: the URL in a role's secret is the one place
of its password, so a rotation changes it there and runs this again (docs/adr/0046).
"""

from collections.abc import Sequence

import psycopg
from psycopg.conninfo import conninfo_to_dict

from shared.db.database_url import read_database_url
from shared.db.schema_repository import may_sign_in_by_iam, set_password, takes_tokens
from shared.db.sign_in import sign_in
from shared.errors import Conflict

ROLES = ("second_brain_app", "second_brain_system")
"""Whom functions are to the database; the owner's login is the server's own matter."""


def set_logins(owner_url: str, role_urls: Sequence[str]) -> list[str]:
    """Have each URL's role take its password, and try it. Without URLs, a server of RDS takes tokens for both roles.

    Returns the roles that may sign in by what was done here. Doing it twice changes nothing.

    Raises:
        Conflict: a URL names another role, or no password, or is refused all the same (`login_refused`).
    """
    wanted = [_role_and_password(url) for url in role_urls]
    url = read_database_url(owner_url)
    with psycopg.connect(url.libpq, password=sign_in(url), autocommit=True, connect_timeout=60) as owner:
        for role, password in wanted:
            set_password(owner, role, password)
        by_iam = ROLES if not wanted and takes_tokens(owner) else ()
        for role in by_iam:
            may_sign_in_by_iam(owner, role)
    for (role, _), role_url in zip(wanted, role_urls, strict=True):
        _try(role, role_url)
    return [*(role for role, _ in wanted), *by_iam]


def _role_and_password(url: str) -> tuple[str, str]:
    parts = conninfo_to_dict(read_database_url(url).libpq)
    role = str(parts.get("user") or "").partition(".")[0]  # Supabase's pooler wants `role.project`
    if role not in ROLES or not parts.get("password"):
        lacking = "" if parts.get("password") else " and no password"
        raise Conflict(
            f"A DATABASE_URL among the secrets is to sign in as {' or '.join(ROLES)}, with a password of that role's "
            f"own; one names {role or 'nobody'}{lacking}. Mend it: make secrets.",
            code="login_refused",
        )
    return role, str(parts["password"])


def _try(role: str, url: str) -> None:
    try:
        psycopg.connect(read_database_url(url).libpq, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise Conflict(
            f"{role} has the password of its secret, and its DATABASE_URL is refused all the same. Look at host, port, "
            "database and sslmode in that URL: functions would not get in either.",
            code="login_refused",
        ) from error
