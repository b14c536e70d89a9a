"""Secrets Manager and Parameter Store as moto plays them: what is stored is what a function reads when it starts."""

import json
from typing import Any

import boto3
import pytest

from dev.aws_emulator import AwsEmulator
from functions.catalogue.settings import secret_id
from shared.config.environment import Settings, SettingsError, load


class Wanted(Settings):
    database_url: str
    chat_api_key: str


def test_a_function_starts_with_what_its_secrets_hold_and_the_next_one_with_what_was_rotated(
    aws_emulator: AwsEmulator,
) -> None:
    url = aws_emulator.endpoint_url
    client: Any = boto3.client(
        "secretsmanager", endpoint_url=url, region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    database, providers = (secret_id("test", group, in_manager=True) for group in ("database-app", "providers"))
    client.create_secret(Name=database, SecretString=json.dumps({"DATABASE_URL": "postgresql://of-the-secret"}))
    client.create_secret(Name=providers, SecretString=json.dumps({"CHAT_API_KEY": "old", "SPEECH_API_KEY": "s"}))
    environment = {
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "SECRET_IDS": f"{database},{providers}",
        "SECRETS_ENDPOINT_URL": url,
    }
    first = load(Wanted, environment)
    client.put_secret_value(SecretId=providers, SecretString=json.dumps({"CHAT_API_KEY": "new"}))
    assert (first.database_url, first.chat_api_key) == ("postgresql://of-the-secret", "old")
    assert load(Wanted, environment).chat_api_key == "new"


def test_a_function_starts_with_what_its_parameters_hold(aws_emulator: AwsEmulator) -> None:
    url = aws_emulator.endpoint_url
    client: Any = boto3.client(
        "ssm", endpoint_url=url, region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    values = {"database-app": {"DATABASE_URL": "postgresql://of-the-parameter"}, "providers": {"CHAT_API_KEY": "k"}}
    ids = {group: secret_id("test", group, in_manager=False) for group in values}
    for group, name in ids.items():
        client.put_parameter(Name=name, Type="SecureString", Value=json.dumps(values[group]))
    environment = {
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "SECRET_IDS": ",".join(ids.values()),
        "PARAMETERS_ENDPOINT_URL": url,
    }
    settings = load(Wanted, environment)
    assert (settings.database_url, settings.chat_api_key) == ("postgresql://of-the-parameter", "k")
    with pytest.raises(SettingsError, match="Parameter Store does not give /nothing: 400 ParameterNotFound"):
        load(Wanted, {**environment, "SECRET_IDS": "/nothing"})
