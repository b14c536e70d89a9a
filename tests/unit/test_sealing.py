"""A sealed secret opens for its user and name, and for nothing else, to the last bit."""

import os
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.config.environment import SettingsError
from shared.errors import Invalid, TooLarge, VendorDown
from shared.ids import UserId, new_id
from shared.vault.keepers import keeper_of
from shared.vault.key_keeper import KeyKeeper
from shared.vault.kms_key_keeper import KmsKeyKeeper
from shared.vault.model import MAX_SECRET_BYTES, SealedSecret, SecretPlace, SecretUnreadable
from shared.vault.open_secret import open_secret
from shared.vault.own_key_keeper import OwnKeyKeeper
from shared.vault.seal_secret import seal_secret
from shared.vault.settings import VaultSettings
from tests.fakes.trusting_keeper import TrustingKeeper

OLD, NEW = os.urandom(32), os.urandom(32)
KEEPERS: dict[str, KeyKeeper] = {"our own": OwnKeyKeeper([NEW, OLD]), "a trusting one": TrustingKeeper()}
PLACE = SecretPlace(user_id=UserId(new_id()), name="openai")

NAMES = st.from_regex(r"[a-z][a-z0-9_.-]{0,63}", fullmatch=True)
PLACES = st.builds(lambda user, name: SecretPlace(user_id=UserId(user), name=name), st.uuids(), NAMES)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def reopened(keeper: KeyKeeper, place: SecretPlace, sealed: SealedSecret) -> str:
    """By way of the bytes it is kept as."""
    return open_secret(keeper, place, SealedSecret.of(sealed.as_bytes(), key_id=sealed.wrapped.key_id)).text


@pytest.mark.parametrize("keeper", KEEPERS)
@given(place=PLACES, other=PLACES, text=TEXTS)
def test_it_opens_for_its_own_place_and_for_no_other(
    keeper: str, place: SecretPlace, other: SecretPlace, text: str
) -> None:
    assume(place != other)
    sealed = seal_secret(KEEPERS[keeper], place, text)
    assert reopened(KEEPERS[keeper], place, sealed) == text
    for wrong in (
        other,
        SecretPlace(user_id=other.user_id, name=place.name),
        SecretPlace(user_id=place.user_id, name=other.name),
    ):
        if wrong != place:
            with pytest.raises(SecretUnreadable):
                reopened(KEEPERS[keeper], wrong, sealed)


def test_every_bit_counts() -> None:
    keeper = KEEPERS["our own"]
    content = seal_secret(keeper, PLACE, "a text").as_bytes()
    for place in range(len(content) * 8):
        changed = bytearray(content)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(SecretUnreadable):
            open_secret(keeper, PLACE, SealedSecret.of(bytes(changed), key_id=keeper.key_id))


def test_what_was_cut_short_or_made_longer_does_not_open() -> None:
    keeper = KEEPERS["our own"]
    content = seal_secret(keeper, PLACE, "").as_bytes()
    for changed in (*(content[:length] for length in range(len(content))), content + b"\0"):
        with pytest.raises(SecretUnreadable):
            open_secret(keeper, PLACE, SealedSecret.of(changed, key_id=keeper.key_id))


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert len({seal_secret(KEEPERS["our own"], PLACE, "a text").as_bytes() for _ in range(20)}) == 20


def test_a_key_of_another_master_does_not_open_it() -> None:
    sealed = seal_secret(OwnKeyKeeper([OLD]), PLACE, "a text")
    with pytest.raises(VendorDown, match="VAULT_KEYS") as refused:
        open_secret(OwnKeyKeeper([NEW]), PLACE, sealed)
    assert refused.value.failure == "our_key"
    renamed = SealedSecret.of(sealed.as_bytes(), key_id=OwnKeyKeeper([NEW]).key_id)
    with pytest.raises(SecretUnreadable):
        open_secret(OwnKeyKeeper([NEW]), PLACE, renamed)


def test_rewrapping_needs_the_old_master_key_once_and_the_text_not_at_all() -> None:
    sealed = seal_secret(OwnKeyKeeper([OLD]), PLACE, "a text")
    wrapped = OwnKeyKeeper([NEW, OLD]).rewrap(sealed.wrapped, PLACE.context)
    anew = SealedSecret(wrapped=wrapped, nonce=sealed.nonce, ciphertext=sealed.ciphertext)
    assert reopened(OwnKeyKeeper([NEW]), PLACE, anew) == "a text"


def test_nothing_that_is_secret_shows_in_a_repr_or_in_an_error() -> None:
    keeper = OwnKeyKeeper([NEW])
    sealed = seal_secret(keeper, PLACE, "canary")
    key = keeper.new_key(PLACE.context)
    assert "canary" not in repr(open_secret(keeper, PLACE, sealed))
    assert repr(key.plain) not in repr(key)
    assert repr(NEW) not in repr(keeper) + repr(vars(keeper))
    with pytest.raises(SecretUnreadable) as refused:
        open_secret(keeper, SecretPlace(user_id=PLACE.user_id, name="other"), sealed)
    assert "canary" not in f"{refused.value!r} {refused.value.__cause__!r}"


@pytest.mark.parametrize("name", ["", "A", "1a", "a b", "a/b", "a" * 65, "ä", "a\n"])
def test_a_name_is_a_short_word(name: str) -> None:
    with pytest.raises(Invalid):
        SecretPlace(user_id=PLACE.user_id, name=name)


def test_two_places_never_share_their_bytes() -> None:
    one = SecretPlace(user_id=UserId(UUID(int=1)), name="ab")
    assert one.associated_data != SecretPlace(user_id=UserId(UUID(int=1)), name="a").associated_data + b""
    assert one.associated_data.startswith(SecretPlace(user_id=UserId(UUID(int=1)), name="a").associated_data)


def test_a_secret_has_an_end() -> None:
    seal_secret(KEEPERS["our own"], PLACE, "x" * MAX_SECRET_BYTES)
    with pytest.raises(TooLarge):
        seal_secret(KEEPERS["our own"], PLACE, "x" * (MAX_SECRET_BYTES + 1))


ARN = "arn:aws:kms:eu-central-1:123456789012:key/1f2f4369"
WRONG: dict[str, tuple[dict[str, str], str]] = {
    "neither": ({}, "and not both"),
    "both": ({"vault_key_id": ARN, "vault_keys": "00" * 32}, "and not both"),
    "an alias": ({"vault_key_id": "alias/vault"}, "an alias may come to mean another key"),
    "in the clear": ({"vault_key_id": ARN, "kms_endpoint_url": "http://kms.example"}, "must begin with https://"),
    "a short key": ({"vault_keys": "00" * 31}, "64 hexadecimal digits"),
    "no digits": ({"vault_keys": "canary"}, "64 hexadecimal digits"),
    "one good, one empty": ({"vault_keys": "00" * 32 + ","}, "64 hexadecimal digits"),
}


def settings(**given: str) -> VaultSettings:
    return VaultSettings(aws_region="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b", **given)


@pytest.mark.parametrize("name", WRONG)
def test_settings_name_exactly_one_keeper(name: str) -> None:
    given, words = WRONG[name]
    with pytest.raises(SettingsError, match=words) as refused:
        keeper_of(settings(**given))
    assert "canary" not in str(refused.value)


def test_each_keeper_comes_out_of_its_settings() -> None:
    assert isinstance(keeper_of(settings(vault_keys=f"{NEW.hex()}, {OLD.hex()}")), OwnKeyKeeper)
    assert isinstance(keeper_of(settings(vault_key_id=ARN)), KmsKeyKeeper)
