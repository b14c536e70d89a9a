"""What S3 says of joined parts, as it says it."""

import pytest

from shared.errors import VendorDown
from shared.media.s3_answers import check_joined

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
DONE = b"<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"


@pytest.mark.parametrize(
    "answer",
    [DECLARATION + DONE, b"  \n " + DECLARATION + b"\n" + DONE, DECLARATION + b"  \n " + DONE],
    ids=["at-once", "white-space-first", "white-space-within"],
)
def test_parts_that_took_long_to_join_are_joined(answer: bytes) -> None:
    check_joined(answer)


@pytest.mark.parametrize(
    "answer",
    [b"", b"   ", DECLARATION + b"<Error><Code>InternalError</Code></Error>"],
    ids=["none", "white-space", "error"],
)
def test_an_answer_of_200_may_still_be_an_error(answer: bytes) -> None:
    with pytest.raises(VendorDown):
        check_joined(answer)
