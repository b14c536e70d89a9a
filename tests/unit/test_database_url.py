"""What a database's URL says to us is taken out, and the token in place of a password is the one botocore makes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal
from unittest.mock import patch
from urllib.parse import parse_qs

import pytest
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.hooks import HierarchicalEmitter
from botocore.model import ServiceId
from botocore.signers import RequestSigner, generate_db_auth_token
from hypothesis import given
from hypothesis import strategies as st

from shared.config.credentials import Credentials
from shared.config.settings_error import SettingsError
from shared.db.connection import Database
from shared.db.database_url import SYSTEM_AUTHORITIES, read_database_url
from shared.db.iam_token import Entrance
from shared.errors import DatabaseUnavailable
from tests.fakes.postgres_door import ADDRESS, postgres_door

SERVER = "postgresql://second_brain_app@cluster.example:5432/second_brain"
CANARY = "canary"
VERIFIED = f"{SERVER}?sslmode=verify-full"
WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=40)
MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
SIGNS = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1, max_size=60)


def botocores_token(entrance: Entrance, credentials: Credentials, at: datetime) -> str:
    """By its own function, on a signer alone: to build a client takes a second."""
    key = BotocoreCredentials(credentials.access_key, credentials.secret_key, credentials.session_token)
    events = HierarchicalEmitter()  # the signer does not keep it alive
    signer = RequestSigner(ServiceId("rds"), entrance.region, "rds", "v4", key, events)
    client: Any = SimpleNamespace(_request_signer=signer, meta=SimpleNamespace(region_name=entrance.region))
    with patch("botocore.auth.get_current_datetime", lambda: at):
        return generate_db_auth_token(client, entrance.host, entrance.port, entrance.role)


def parts_of(token: str) -> tuple[str, dict[str, list[str]]]:
    address, _, query = token.partition("/?")
    return address, parse_qs(query, keep_blank_values=True, strict_parsing=True)


@given(key=WORDS, secret=SIGNS, session=st.none() | SIGNS, role=SIGNS, at=MOMENTS)
def test_our_token_is_botocores(key: str, secret: str, session: str | None, role: str, at: datetime) -> None:
    entrance = Entrance(host="Cluster.example", port=5432, role=role, region="eu-central-1")
    credentials = Credentials(access_key=key, secret_key=secret, session_token=session)
    assert parts_of(entrance.token(credentials, at)) == parts_of(botocores_token(entrance, credentials, at))


def test_each_new_connection_sends_a_token_of_its_own_to_a_server_whose_name_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_by_lambda = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"}
    with postgres_door(tmp_path) as door:
        db = Database(
            f"postgresql://second_brain_app@{ADDRESS}:{door.port}/second_brain"
            f"?auth=iam&sslmode=verify-full&sslrootcert={door.authority}"
        )
        for session_token in ("first", "renewed"):
            for name, value in {**given_by_lambda, "AWS_SESSION_TOKEN": session_token}.items():
                monkeypatch.setenv(name, value)
            with pytest.raises(DatabaseUnavailable):
                db.check()
        stranger = Database(
            f"postgresql://second_brain_app@{ADDRESS}:{door.port}/second_brain?auth=iam&sslmode=verify-full"
            f"&sslrootcert={_another_authority(tmp_path)}"
        )
        with pytest.raises(DatabaseUnavailable):
            stranger.check()
    told = [parts_of(password) for password in door.passwords]
    assert {address for address, _ in told} == {f"{ADDRESS}:{door.port}"}
    assert list(dict.fromkeys(query["X-Amz-Security-Token"][0] for _, query in told)) == ["first", "renewed"]
    assert {query["DBUser"][0] for _, query in told} == {"second_brain_app"}


def _another_authority(folder: Path) -> Path:
    (folder / "other").mkdir()
    with postgres_door(folder / "other") as other:
        return other.authority


READ: Sequence[tuple[str, str, int | None, Literal["iam", "password"]]] = [
    (SERVER, SERVER, None, "password"),
    (f"{SERVER}?prepare_threshold=5", SERVER, 5, "password"),
    (f"{SERVER}?prepare_threshold=5&sslmode=require", f"{SERVER}?sslmode=require", 5, "password"),
    (
        f"{SERVER}?auth=iam&sslmode=verify-full&sslrootcert=a",
        f"{SERVER}?sslmode=verify-full&sslrootcert=a",
        None,
        "iam",
    ),
    (
        f"{SERVER}?sslmode=verify-full&auth=iam",
        f"{VERIFIED}&sslrootcert={SYSTEM_AUTHORITIES}",
        None,
        "iam",
    ),
]


@pytest.mark.parametrize(("text", "libpq", "threshold", "by"), READ)
def test_our_words_are_taken_out_of_a_url(text: str, libpq: str, threshold: int | None, by: str) -> None:
    url = read_database_url(text)
    assert (url.libpq, url.prepare_threshold, url.is_signed_in_by_iam) == (libpq, threshold, by == "iam")


@pytest.mark.parametrize(
    "url",
    [
        f"{SERVER}?auth=iam",
        f"{SERVER}?auth=iam&sslmode=require",
        f"postgresql://role@cluster.example/db?auth=iam&sslmode=verify-full&password={CANARY}",
        "postgresql://cluster.example/db?auth=iam&sslmode=verify-full",
        "postgresql://role@/db?auth=iam&sslmode=verify-full",
    ],
)
def test_a_token_is_not_made_for_a_server_that_is_not_verified(url: str) -> None:
    with pytest.raises(SettingsError, match="sslmode=verify-full") as refused:
        Database(url)
    assert CANARY not in str(refused.value)
