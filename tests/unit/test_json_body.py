"""What is refused of a body before any model sees it."""

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.edge.json_body import MAX_BODY_BYTES, MAX_DEPTH, body_bytes, check_json, check_text
from shared.errors import Invalid, Malformed, TooLarge


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "b": [1.5, null, true, "x"]}',
        b"1",
        b'"\\ud83e\\udde0"',
        b'{"n": 9223372036854775807, "m": -9223372036854775808}',
        b"-0",
        b"[" * MAX_DEPTH + b"]" * MAX_DEPTH,
    ],
)
def test_json_that_can_be_kept_passes(raw: bytes) -> None:
    check_json(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nul",
        b"{} {}",
        b"01",
        b"+1",
        b'{"a": 1,}',
        b'{"a": 1, "a": 1}',
        b'[{"b": {"a": 1, "\\u0061": 1}}]',
        b"\xff",
        b'"\xed\xa0\x80"',
        '"a"'.encode("utf-16"),
        '"a"'.encode("utf-32"),
        b"\xef\xbb\xbf1",
        b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
        b"[" * 200_000,
    ],
)
def test_what_is_no_plain_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        check_json(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"NaN",
        b"[-Infinity]",
        b"1e400",
        b"-1e400",
        b"9223372036854775808",
        b"-9223372036854775809",
        b"9" * 100_000,
        b'"a\\u0000"',
        b'{"\\u0000": 1}',
        b'"\\ud800"',
        b'["\\udc00\\ud800"]',
    ],
)
def test_json_that_cannot_be_kept_as_it_is_is_invalid(raw: bytes) -> None:
    with pytest.raises(Invalid):
        check_json(raw)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"])), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_every_value_postgres_can_hold_passes(value: object) -> None:
    check_json(json.dumps(value, ensure_ascii=False).encode())


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_our_own_errors(raw: bytes) -> None:
    with suppress(Malformed, Invalid):
        check_json(raw)


def test_a_body_is_bytes_as_they_were_sent() -> None:
    assert body_bytes(None, is_base64=False) == b""
    assert body_bytes("é", is_base64=False) == b"\xc3\xa9"
    assert body_bytes(base64.b64encode(b"\xff\x00").decode(), is_base64=True) == b"\xff\x00"


@pytest.mark.parametrize("body", ["no base64!", "YQ", "é", "YQ==\n"])
def test_a_body_that_is_no_base64_is_malformed(body: str) -> None:
    with pytest.raises(Malformed):
        body_bytes(body, is_base64=True)


def test_the_limit_counts_bytes() -> None:
    assert len(body_bytes("x" * MAX_BODY_BYTES, is_base64=False)) == MAX_BODY_BYTES
    for body, is_base64 in (
        ("x" * (MAX_BODY_BYTES + 1), False),
        ("é" * (MAX_BODY_BYTES // 2 + 1), False),
        (base64.b64encode(b"x" * (MAX_BODY_BYTES + 1)).decode(), True),
        ("x" * 10_000_000, False),
    ):
        with pytest.raises(TooLarge):
            body_bytes(body, is_base64=is_base64)


def test_emoji_and_signs_of_every_script_are_text() -> None:
    check_text("🧠 \u202e \u200b \x7f \x01 \U0010ffff")
