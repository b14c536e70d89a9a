"""KMS as moto plays it, and as it may refuse: a data key opens for its own context only."""

import json
from typing import Any

import boto3
import pytest

from dev.aws_emulator import AwsEmulator
from shared.errors import VendorDown
from shared.ids import UserId, new_id
from shared.vault.keepers import keeper_of
from shared.vault.key_keeper import KeyKeeper
from shared.vault.model import SealedSecret, SecretPlace, SecretUnreadable, WrappedKey
from shared.vault.open_secret import open_secret
from shared.vault.seal_secret import seal_secret
from shared.vault.settings import VaultSettings
from tests.fakes.small_server import Asked, Told, small_server

PLACE = SecretPlace(user_id=UserId(new_id()), name="calendar")
CONTEXT = PLACE.context
ARN = "arn:aws:kms:eu-central-1:123456789012:key/1f2f4369"
WRAPPED = WrappedKey(key_id=ARN, content=b"wrapped")


def keeper_at(url: str, key_id: str = ARN) -> KeyKeeper:
    return keeper_of(
        VaultSettings(
            aws_region="eu-central-1",
            aws_access_key_id="AKID",
            aws_secret_access_key="secret",
            vault_key_id=key_id,
            kms_endpoint_url=f"{url}/",
        )
    )


def new_master_key(url: str) -> str:
    client: Any = boto3.client(
        "kms", endpoint_url=url, region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    return client.create_key()["KeyMetadata"]["Arn"]


def test_what_one_master_key_has_wrapped_opens_for_its_place_and_moves_to_another_master_key(
    aws_emulator: AwsEmulator,
) -> None:
    url = aws_emulator.endpoint_url
    old, new = (keeper_at(url, new_master_key(url)) for _ in range(2))
    sealed = seal_secret(old, PLACE, "a token")
    assert open_secret(old, PLACE, sealed).text == "a token"
    for wrong in (
        SecretPlace(user_id=UserId(new_id()), name=PLACE.name),
        SecretPlace(user_id=PLACE.user_id, name="mail"),
    ):
        with pytest.raises(SecretUnreadable):
            open_secret(old, wrong, sealed)
        with pytest.raises(SecretUnreadable):
            new.rewrap(sealed.wrapped, wrong.context)
    moved = SealedSecret(wrapped=new.rewrap(sealed.wrapped, CONTEXT), nonce=sealed.nonce, ciphertext=sealed.ciphertext)
    assert (sealed.wrapped.key_id, moved.wrapped.key_id) == (old.key_id, new.key_id)
    assert open_secret(new, PLACE, moved).text == "a token"


def test_a_changed_wrapped_key_does_not_open(aws_emulator: AwsEmulator) -> None:
    url = aws_emulator.endpoint_url
    keeper = keeper_at(url, new_master_key(url))
    wrapped = keeper.new_key(CONTEXT).wrapped
    for place in (-1, -17, 60):  # in the tag, the ciphertext, the nonce; what lies before names the key
        content = bytearray(wrapped.content)
        content[place] ^= 1
        with pytest.raises(SecretUnreadable):
            keeper.unwrap(WrappedKey(key_id=wrapped.key_id, content=bytes(content)), CONTEXT)


def test_a_question_is_signed_names_the_key_and_binds_it_to_its_context() -> None:
    asked: list[Asked] = []

    def answer(question: Asked) -> Told:
        asked.append(question)
        return Told(body=b'{"Plaintext": "AAAA"}')

    with small_server(answer) as url:
        assert keeper_at(url).unwrap(WRAPPED, CONTEXT) == bytes(3)
    assert asked[0].headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert asked[0].headers["x-amz-target"] == "TrentService.Decrypt"
    told = json.loads(asked[0].body)
    assert (told["KeyId"], told["EncryptionContext"]) == (ARN, CONTEXT)


def refusal(kind: str, status: int = 400) -> Told:
    return Told(status=status, body=json.dumps({"__type": kind, "message": "canary"}).encode())


REFUSALS: dict[str, tuple[Told | None, type[Exception], str]] = {
    "another context": (refusal("InvalidCiphertextException"), SecretUnreadable, "Save it again"),
    "another key": (refusal("IncorrectKeyException"), SecretUnreadable, "Save it again"),
    "no right": (refusal("AccessDeniedException"), VendorDown, "our_key"),
    "a disabled key": (refusal("x#DisabledException"), VendorDown, "our_key"),
    "throttled": (refusal("ThrottlingException"), VendorDown, "server"),
    "broken": (Told(status=500, body=b"<html>canary"), VendorDown, "server"),
    "no answer": (None, VendorDown, "unreachable"),
    "no JSON": (Told(body=b"canary"), VendorDown, "invalid_reply"),
    "no key": (Told(body=b'{"Plaintext": null, "CiphertextBlob": null}'), VendorDown, "invalid_reply"),
    "no base64": (Told(body=b'{"Plaintext": "canary!", "CiphertextBlob": "canary!"}'), VendorDown, "invalid_reply"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_is_what_it_means_and_repeats_nothing(name: str) -> None:
    told, kind, words = REFUSALS[name]
    with small_server(lambda _: told) as url:
        keeper = keeper_at(url)
        for ask in (
            lambda: keeper.unwrap(WRAPPED, CONTEXT),
            lambda: keeper.rewrap(WRAPPED, CONTEXT),
            lambda: keeper.new_key(CONTEXT),
        ):
            with pytest.raises(kind) as refused:
                ask()
            assert words in f"{refused.value} {vars(refused.value)}"
            assert "canary" not in f"{refused.value!r} {refused.value.__context__!r} {refused.value.__cause__!r}"
