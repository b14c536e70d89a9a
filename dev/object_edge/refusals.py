"""S3's errors: the codes this edge answers with, their statuses and their XML."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

STATUS_OF_CODE: Mapping[str, int] = {
    "AccessDenied": 403,
    "AccessForbidden": 403,
    "AuthorizationHeaderMalformed": 400,
    "AuthorizationQueryParametersError": 400,
    "BadDigest": 400,
    "EntityTooLarge": 400,
    "IncompleteBody": 400,
    "InternalError": 500,
    "InvalidAccessKeyId": 403,
    "InvalidArgument": 400,
    "InvalidBucketName": 400,
    "InvalidDigest": 400,
    "InvalidPart": 400,
    "InvalidRequest": 400,
    "InvalidToken": 400,
    "InvalidURI": 400,
    "KeyTooLongError": 400,
    "MalformedTrailerError": 400,
    "MalformedXML": 400,
    "MissingContentLength": 411,
    "NoSuchUpload": 404,
    "NotImplemented": 501,
    "RequestTimeTooSkewed": 403,
    "ServiceUnavailable": 503,
    "SignatureDoesNotMatch": 403,
    "XAmzContentSHA256Mismatch": 400,
}


class S3Error(Exception):
    """A request that S3 would refuse: a code of `STATUS_OF_CODE`, a sentence, and further XML elements."""

    def __init__(self, code: str, message: str, **details: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details = details
        self.status = STATUS_OF_CODE[code]

    def to_xml(self, *, resource: str, request_id: str) -> bytes:
        """The body S3 sends with this refusal, as UTF-8 XML."""
        elements = {"Code": self.code, "Message": self.message, **self.details}
        elements |= {"Resource": resource, "RequestId": request_id}
        inner = "".join(_element(name, value) for name, value in elements.items())
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()


def _element(name: str, value: str) -> str:
    # XML 1.0 has no way to write most control characters, and a key may hold them.
    printable = "".join(c if c >= " " or c in "\t\n\r" else "\ufffd" for c in value)
    return f"<{name}>{escape(printable)}</{name}>"
