"""Secrets Manager as moto plays it: what is stored is what a function reads when it starts."""

import json
from typing import Any

import boto3

from dev.aws_emulator import AwsEmulator
from functions.catalogue.settings import secret_id
from shared.config.environment import Settings, load


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
    database, providers = (secret_id("test", group) for group in ("database-app", "providers"))
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
