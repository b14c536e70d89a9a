"""Bodies as they arrive: the aws-chunked encoding comes off whole, however it is cut up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.object_edge.aws_chunked import ChunkDecoder
from dev.object_edge.refusals import S3Error


def encoded(chunks: list[bytes], trailer: bytes = b"x-amz-checksum-crc32:AAAAAA==\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n" + trailer + b"\r\n"


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=50), max_size=5),
    cuts=st.lists(st.integers(1, 20), min_size=1, max_size=10),
)
def test_a_body_decodes_the_same_however_it_is_cut(chunks: list[bytes], cuts: list[int]) -> None:
    decoder, wire, data = ChunkDecoder(), encoded(chunks), b""
    while wire:
        for cut in cuts:
            data += b"".join(decoder.feed(wire[:cut]))
            wire = wire[cut:]
    decoder.finish()
    assert data == b"".join(chunks)
    assert decoder.trailers == {"x-amz-checksum-crc32": "AAAAAA=="}


def decode(wire: bytes) -> bytes:
    decoder = ChunkDecoder()
    data = b"".join(decoder.feed(wire))
    decoder.finish()
    return data


WHOLE = encoded([b"hello"])


@pytest.mark.parametrize(
    "wire",
    [
        *(WHOLE[:end] for end in range(len(WHOLE))),
        WHOLE + b"\r\n",
        WHOLE + b"5\r\nhello\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"5x\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhello!\r\n0\r\n\r\n",
        b"\r\n",
        b"f" * 2000,
        b"fffffffff\r\n",
    ],
)
def test_a_broken_encoding_is_refused(wire: bytes) -> None:
    with pytest.raises(S3Error) as refused:
        decode(wire)
    assert refused.value.code == "IncompleteBody"


def test_trailers_are_bounded_and_need_a_colon() -> None:
    for trailer in (b"no colon\r\n", b"".join(b"t%d:1\r\n" % n for n in range(17))):
        with pytest.raises(S3Error) as refused:
            list(ChunkDecoder().feed(encoded([], trailer)))
        assert refused.value.code == "MalformedTrailerError"
