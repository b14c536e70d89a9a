"""What a request says about itself: who signed it, when, for which scope, over which headers. Pure.

Reads both forms of SigV4, the `Authorization` header and the presigned query, into one `Claim`. Believes
nothing: `signature.verify` decides.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from dev.object_edge.refusals import S3Error
from dev.object_edge.wire import WireRequest

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
MAX_EXPIRES_SECONDS = 7 * 24 * 3600
QUERY_PARAMETERS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
)
TIMESTAMP = re.compile(r"\d{8}T\d{6}Z")
SHA256_HEX = re.compile(r"[0-9a-f]{64}")
CREDENTIAL_PARTS = 5


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A signature and what it claims to cover. `expires_seconds` is None unless the URL is presigned."""

    access_key: str
    scope_date: str
    region: str
    service: str
    terminal: str
    timestamp: str
    signed_headers: tuple[str, ...]
    signature: str
    payload_hash: str
    expires_seconds: int | None = None

    @property
    def is_presigned(self) -> bool:
        """Whether the signature stands in the query."""
        return self.expires_seconds is not None

    @property
    def signed_at(self) -> float:
        """When it was signed, in seconds since the epoch."""
        return datetime.strptime(self.timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()

    @property
    def scope(self) -> str:
        """The credential scope, as it enters the string to sign."""
        return f"{self.scope_date}/{self.region}/{self.service}/{self.terminal}"


def read_claim(request: WireRequest) -> Claim:
    """Reads the one signature of the request.

    Raises:
        S3Error: anonymous, signed twice, signed the old way, or malformed.
    """
    query = request.query
    authorization = request.header("authorization")
    is_presigned = any(name in QUERY_PARAMETERS for name, _ in query)
    is_old_presigned = any(name in {"AWSAccessKeyId", "Signature"} for name, _ in query)
    if sum((authorization is not None, is_presigned, is_old_presigned)) > 1:
        raise S3Error("InvalidArgument", "Only one auth mechanism allowed.")
    if is_old_presigned:
        raise _old_mechanism()
    if is_presigned:
        return _claim_of_query(request, query)
    if authorization is None:
        raise S3Error("AccessDenied", "Access Denied")
    return _claim_of_header(request, authorization)


def malformed(message: str, *, presigned: bool, **details: str) -> S3Error:
    """The error S3 gives for a badly built signature: another code for each of the two forms."""
    if presigned:
        return S3Error("AuthorizationQueryParametersError", message, **details)
    return S3Error("AuthorizationHeaderMalformed", f"The authorization header is malformed; {message}", **details)


def _old_mechanism() -> S3Error:
    message = f"The authorization mechanism you have provided is not supported. Please use {ALGORITHM}."
    return S3Error("InvalidRequest", message)


def _claim_of_query(request: WireRequest, query: tuple[tuple[str, str], ...]) -> Claim:
    names = [name for name, _ in query]
    if any(names.count(name) != 1 for name in QUERY_PARAMETERS):
        wanted = ", ".join(QUERY_PARAMETERS)
        raise malformed(f"Query-string authentication version 4 requires each once: {wanted}.", presigned=True)
    given = dict(query)
    if given["X-Amz-Algorithm"] != ALGORITHM:
        raise malformed(f'X-Amz-Algorithm only supports "{ALGORITHM}"', presigned=True)
    access_key, scope_date, region, service, terminal = _credential(given["X-Amz-Credential"], presigned=True)
    return Claim(
        access_key=access_key,
        scope_date=scope_date,
        region=region,
        service=service,
        terminal=terminal,
        timestamp=_timestamp(given["X-Amz-Date"], presigned=True),
        signed_headers=tuple(given["X-Amz-SignedHeaders"].split(";")),
        signature=given["X-Amz-Signature"],
        payload_hash=request.header("x-amz-content-sha256") or UNSIGNED_PAYLOAD,
        expires_seconds=_expires(given["X-Amz-Expires"]),
    )


def _claim_of_header(request: WireRequest, authorization: str) -> Claim:
    mechanism, _, rest = authorization.partition(" ")
    if mechanism == "AWS":
        raise _old_mechanism()
    if mechanism != ALGORITHM:
        raise S3Error("InvalidArgument", "Unsupported Authorization Type", ArgumentName="Authorization")
    given = {name.strip(): value.strip() for name, _, value in (p.partition("=") for p in rest.split(","))}
    if set(given) != {"Credential", "SignedHeaders", "Signature"}:
        raise malformed("it needs Credential, SignedHeaders and Signature.", presigned=False)
    access_key, scope_date, region, service, terminal = _credential(given["Credential"], presigned=False)
    return Claim(
        access_key=access_key,
        scope_date=scope_date,
        region=region,
        service=service,
        terminal=terminal,
        timestamp=_timestamp(request.header("x-amz-date") or "", presigned=False),
        signed_headers=tuple(given["SignedHeaders"].split(";")),
        signature=given["Signature"],
        payload_hash=_payload_hash(request.header("x-amz-content-sha256")),
    )


def _credential(credential: str, *, presigned: bool) -> tuple[str, str, str, str, str]:
    parts = credential.split("/")
    if len(parts) != CREDENTIAL_PARTS:
        form = "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request"
        raise malformed(f'the Credential is mal-formed; expecting "{form}".', presigned=presigned)
    access_key, scope_date, region, service, terminal = parts
    return access_key, scope_date, region, service, terminal


def _timestamp(text: str, *, presigned: bool) -> str:
    try:
        datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        is_valid = TIMESTAMP.fullmatch(text) is not None
    except ValueError:
        is_valid = False
    if is_valid:
        return text
    if presigned:
        raise malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"", presigned=True)
    raise S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header")


def _expires(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,12}", text):
        raise malformed("X-Amz-Expires should be a number", presigned=True)
    seconds = int(text)
    if seconds < 0:
        raise malformed("X-Amz-Expires must be non-negative", presigned=True)
    if seconds > MAX_EXPIRES_SECONDS:
        message = f"X-Amz-Expires must be less than a week (in seconds); that is {MAX_EXPIRES_SECONDS}"
        raise malformed(message, presigned=True)
    return seconds


def _payload_hash(given: str | None) -> str:
    if given is None:
        raise S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
    if given in {UNSIGNED_PAYLOAD, UNSIGNED_TRAILER} or SHA256_HEX.fullmatch(given):
        return given
    if given.startswith("STREAMING-"):
        raise S3Error("NotImplemented", "Signed chunks are not implemented; use an unsigned trailer.")
    raise S3Error("InvalidArgument", "x-amz-content-sha256 must be a valid sha256 value or a known constant.")
