"""A secret that cannot be read stops its function at Init, by its name: Lambda logs whatever the error says."""

import json
import traceback
from collections.abc import Mapping
from dataclasses import replace

import pytest

from dev.function_environment import LocalAddresses
from functions.catalogue import FUNCTIONS
from shared.config.environment import SettingsError
from tests.fixtures.function_here import function_here

CANARY = "canary-of-a-secret"
KEY = {"type": "service_account", "private_key": CANARY, "client_email": CANARY, "token_uri": CANARY}
WRONG = {"no JSON": CANARY, "a list": json.dumps([CANARY]), "no PEM": json.dumps(KEY), "a text": json.dumps(CANARY)}
READ_AT_INIT = ("FIREBASE_AUTH_CREDENTIALS", "FIREBASE_CREDENTIALS", "VAULT_KEYS")
"""The other secrets are handed on as they are: to Postgres, Stripe and providers, who read them later."""

READERS = [(function.name, name) for function in FUNCTIONS for name in READ_AT_INIT if name in function.secrets]


def test_there_are_readers() -> None:
    assert {name for _, name in READERS} >= {"FIREBASE_CREDENTIALS", "VAULT_KEYS"}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize(("function", "name"), READERS)
def test_a_secret_that_cannot_be_read_is_named_and_not_repeated(function: str, name: str, kind: str) -> None:
    nowhere = "http://127.0.0.1:9"
    right = LocalAddresses(
        database_url=lambda _: "postgresql://nobody", queue_url=nowhere, object_url=nowhere, providers={}
    )

    def with_the_wrong_one(known: Mapping[str, str]) -> Mapping[str, str]:
        return {**known, name: WRONG[kind]} if name in known else known

    wrong = replace(
        right,
        push=with_the_wrong_one(right.push),
        accounts=with_the_wrong_one(right.accounts),
        vault=with_the_wrong_one(right.vault),
    )
    with pytest.raises(SettingsError, match=name) as refused:
        function_here(function, wrong)
    assert CANARY not in "".join(traceback.format_exception(refused.value))
