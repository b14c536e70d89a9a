"""Secrets are read once, from the places the environment names, and no value of them is ever in a message."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from functions.catalogue import FUNCTIONS
from functions.catalogue.settings import secret_id
from shared.config.credentials import Credentials as OurCredentials
from shared.config.environment import Settings, SettingsError, load
from shared.config.read_secrets import read_secrets
from shared.config.signed_question import Question
from tests.fakes.small_server import Asked, Told, small_server

VALUE = "canary-of-a-secret-value"
TEXTS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=40)


class Wanted(Settings):
    database_url: str
    speech_api_key: str = ""
    tries: int = 3


def environment_at(url: str, ids: str = "one") -> dict[str, str]:
    return {
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "AKID",
        "AWS_SECRET_ACCESS_KEY": "hunter2",
        "AWS_SESSION_TOKEN": "token-of-the-role",
        "SECRET_IDS": ids,
        "SECRETS_ENDPOINT_URL": url,
    }


def holding(**secrets: str) -> Callable[[Asked], Told]:
    def answer(asked: Asked) -> Told:
        return Told(body=json.dumps({"SecretString": secrets[json.loads(asked.body)["SecretId"]]}).encode())

    return answer


def everything_told(error: BaseException) -> Iterator[str]:
    """The texts and the values of an error, and of every error it could be followed back to."""
    seen: BaseException | None = error
    while seen is not None:
        yield f"{seen!r} {seen} {vars(seen)}"
        seen = seen.__cause__ or seen.__context__


def test_secrets_and_environment_together_are_the_settings() -> None:
    secrets = {"one": json.dumps({"DATABASE_URL": VALUE, "NOT_OURS": "x"}), "two": '{"SPEECH_API_KEY": "k"}'}
    with small_server(holding(**secrets)) as url:
        settings = load(Wanted, {**environment_at(url, "one, two"), "TRIES": "7"})
    assert (settings.database_url, settings.speech_api_key, settings.tries) == (VALUE, "k", 7)
    assert VALUE not in repr(settings)


def test_without_names_of_secrets_nobody_is_asked() -> None:
    assert read_secrets({"SECRETS_ENDPOINT_URL": "http://127.0.0.1:9"}) == {}


def test_a_question_is_signed_with_the_functions_own_key() -> None:
    asked: list[Asked] = []

    def answer(question: Asked) -> Told:
        asked.append(question)
        return holding(one=json.dumps({"DATABASE_URL": VALUE}))(question)

    with small_server(answer) as url:
        load(Wanted, environment_at(url))
    headers = asked[0].headers
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert headers["x-amz-target"] == "secretsmanager.GetSecretValue"
    assert headers["x-amz-security-token"] == "token-of-the-role"
    assert "hunter2" not in str(asked)


@given(access_key=TEXTS, secret_key=TEXTS, token=st.none() | TEXTS, region=TEXTS, secret=st.text(max_size=200))
def test_our_signature_is_botocores(
    access_key: str, secret_key: str, token: str | None, region: str, secret: str
) -> None:
    question = Question(
        host="secretsmanager.example",
        region=region,
        service="secretsmanager",
        target="secretsmanager.GetSecretValue",
        body=json.dumps({"SecretId": secret}).encode(),
        credentials=OurCredentials(access_key=access_key, secret_key=secret_key, session_token=token),
    )
    ours = question.headers(datetime.now(UTC))
    unsigned = {name: text for name, text in ours.items() if name not in {"authorization", "host"}}
    theirs = AWSRequest(method="POST", url="https://secretsmanager.example/", headers=unsigned, data=question.body)
    theirs.context["timestamp"] = ours["x-amz-date"]
    signer = SigV4Auth(Credentials(access_key, secret_key, token), "secretsmanager", region)
    signature = signer.signature(signer.string_to_sign(theirs, signer.canonical_request(theirs)), theirs)
    assert ours["authorization"].endswith(f"Signature={signature}")
    assert not {"secret_key", "session_token"} & set(re.findall(r"(\w+)=", repr(question)))


def test_an_id_that_begins_with_a_slash_is_a_parameter_and_is_asked_for_decrypted() -> None:
    asked: list[Asked] = []

    def answer(question: Asked) -> Told:
        asked.append(question)
        return Told(body=json.dumps({"Parameter": {"Value": json.dumps({"DATABASE_URL": VALUE})}}).encode())

    with small_server(answer) as url:
        environment = environment_at("https://nowhere.example", "/second-brain/dev/one")
        assert read_secrets({**environment, "PARAMETERS_ENDPOINT_URL": url}) == {"DATABASE_URL": VALUE}
    assert asked[0].headers["x-amz-target"] == "AmazonSSM.GetParameter"
    assert "/ssm/aws4_request" in asked[0].headers["authorization"]
    assert json.loads(asked[0].body) == {"Name": "/second-brain/dev/one", "WithDecryption": True}


@pytest.mark.parametrize("body", [b"{}", b'{"Parameter": "canary-of-a-secret-value"}', b'{"Parameter": {"Value": 7}}'])
def test_a_parameter_that_is_none_of_ours_is_named_and_not_shown(body: bytes) -> None:
    with small_server(lambda _: Told(body=body)) as url, pytest.raises(SettingsError, match="/p must be") as refused:
        read_secrets({**environment_at(url, "/p"), "PARAMETERS_ENDPOINT_URL": url})
    assert not [text for text in everything_told(refused.value) if VALUE in text]


def refusing(told: Told, calls: list[Asked]) -> Callable[[Asked], Told]:
    def answer(asked: Asked) -> Told:
        calls.append(asked)
        return told

    return answer


def _error(kind: str) -> bytes:
    return json.dumps({"__type": kind, "Message": f"nobody may see {VALUE}"}).encode()


REFUSED: dict[str, tuple[Told, int, str]] = {
    "no right": (Told(status=400, body=_error("AccessDeniedException")), 1, "one: 400 AccessDeniedException"),
    "no such secret": (Told(status=400, body=_error("x#ResourceNotFoundException")), 1, "ResourceNotFoundException"),
    "a code that is a text": (Told(status=400, body=_error(f"{VALUE} is wrong")), 1, "400 without a code"),
    "throttled": (Told(status=400, body=_error("ThrottlingException")), 3, "ThrottlingException"),
    "broken": (Told(status=503, body=b"<html>"), 3, "503 without a code"),
    "no JSON": (Told(body=VALUE.encode()), 1, "must be a JSON object"),
    "a list": (Told(body=json.dumps([VALUE]).encode()), 1, "must be a JSON object"),
    "a binary secret": (Told(body=json.dumps({"SecretBinary": VALUE}).encode()), 1, "must be a JSON object"),
    "a secret that is no JSON": (Told(body=json.dumps({"SecretString": VALUE}).encode()), 1, "must be a JSON object"),
    "a number in a secret": (
        Told(body=json.dumps({"SecretString": json.dumps({"A": 1, "B": VALUE})}).encode()),
        1,
        "these must be texts: A",
    ),
    "a body that breaks off": (Told(body=VALUE.encode(), sent_bytes=3), 3, "cannot be reached for one"),
    "a connection that is reset": (Told(is_reset=True), 3, "cannot be reached for one"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_said_by_the_name_of_the_secret_and_never_by_a_value(name: str) -> None:
    told, tries, words = REFUSED[name]
    calls: list[Asked] = []
    pauses: list[float] = []
    with small_server(refusing(told, calls)) as url, pytest.raises(SettingsError, match=words) as refused:
        read_secrets(environment_at(url), pauses.append)
    assert len(calls) == tries
    assert len(pauses) == tries - 1
    assert not [text for text in everything_told(refused.value) if VALUE in text]


def test_a_throttled_question_is_asked_again_and_answered() -> None:
    calls: list[Asked] = []

    def answer(asked: Asked) -> Told:
        calls.append(asked)
        if len(calls) < 3:
            return Told(status=400, body=_error("ThrottlingException"))
        return holding(one='{"DATABASE_URL": "u"}')(asked)

    with small_server(answer) as url:
        assert read_secrets(environment_at(url), lambda _: None) == {"DATABASE_URL": "u"}


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "a variable left behind": ({"DATABASE_URL": "old"}, "Both a variable and a secret hold DATABASE_URL"),
    "the same name in two secrets": ({"SECRET_IDS": "one,two"}, "Two secrets hold DATABASE_URL"),
    "no region": ({"AWS_REGION": ""}, "AWS_REGION must be set"),
    "in the clear": ({"SECRETS_ENDPOINT_URL": "http://secrets.example"}, "must begin with https://"),
    "no address": ({"SECRETS_ENDPOINT_URL": "secretsmanager"}, "must begin with https://"),
    "a wrong number": ({"TRIES": VALUE}, "TRIES must be int"),
}


@pytest.mark.parametrize("name", WRONG)
def test_settings_that_contradict_one_another_stop_the_start(name: str) -> None:
    change, words = WRONG[name]
    secret = json.dumps({"DATABASE_URL": VALUE})
    with small_server(holding(one=secret, two=secret)) as url, pytest.raises(SettingsError, match=words) as refused:
        load(Wanted, environment_at(url) | change)
    assert not [text for text in everything_told(refused.value) if VALUE in text]


def test_a_name_that_stands_nowhere_is_named_with_the_place_for_it() -> None:
    with (
        small_server(holding(one="{}")) as url,
        pytest.raises(SettingsError, match=r"secret ones into one\): DATABASE_URL is missing"),
    ):
        load(Wanted, environment_at(url))


def test_each_function_may_read_the_secrets_it_needs_and_no_other() -> None:
    groups: dict[str, tuple[Any, ...]] = {function.name: function.secret_groups for function in FUNCTIONS}
    for function in FUNCTIONS:
        databases = {group for group in function.secret_groups if group.startswith("database-")}
        assert databases == ({f"database-{function.database}"} if function.database != "none" else set())
        assert ("payments" in function.secret_groups) == any(name.startswith("STRIPE") for name in function.secrets)
        assert ("providers" in function.secret_groups) == any(
            name.endswith("_API_KEY") for name in function.secrets if not name.startswith("STRIPE")
        )
    assert groups["embed"] == ("database-app", "providers")
    assert groups["register-upload"] == ("database-app",)
    assert secret_id("prod", "providers", in_manager=True) == "second-brain/prod/providers"
    assert secret_id("dev", "providers", in_manager=False) == "/second-brain/dev/providers"
