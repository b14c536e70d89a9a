"""Verifies SigV4 as S3 does, recomputed from the request alone. Pure: the clock's reading is an argument.

`verify(request, owner=Owner(...), now_seconds=...)` returns the `Claim` that proved true, whose
`payload_hash` the body must still be held against, or raises `S3Error` with the code S3 would send.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from dev.object_edge.claim import ALGORITHM, SHA256_HEX, UNSIGNED_PAYLOAD, Claim, malformed, read_claim
from dev.object_edge.refusals import S3Error
from dev.object_edge.wire import WireRequest

MAX_SKEW_SECONDS = 15 * 60
SERVICE = "s3"
TERMINAL = "aws4_request"
UNRESERVED = "-_.~"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The key pair of the bucket's owner, and the region it lives in. Keys of functions begin with the owner's."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str


def verify(request: WireRequest, *, owner: Owner, now_seconds: float) -> Claim:
    """Holds the request against its signature.

    Raises:
        S3Error: with the code S3 sends for the first thing that is wrong.
    """
    claim = read_claim(request)
    _check_scope(claim, owner)
    if claim.access_key != owner.access_key and not claim.access_key.startswith(f"{owner.access_key}-"):
        message = "The AWS Access Key Id you provided does not exist in our records."
        raise S3Error("InvalidAccessKeyId", message, AWSAccessKeyId=claim.access_key)
    _check_no_session_token(request)
    _check_time(claim, now_seconds)
    _check_headers_signed(request, claim)
    _check_signature(request, claim, owner)
    return claim


def canonical_request(request: WireRequest, claim: Claim) -> str:
    """The text SigV4 signs a digest of."""
    headers = "".join(f"{name}:{_folded(request.header(name))}\n" for name in claim.signed_headers)
    lines = (
        request.method,
        request.canonical_path,
        _canonical_query(request),
        headers,
        ";".join(claim.signed_headers),
        claim.payload_hash,
    )
    return "\n".join(lines)


def string_to_sign(canonical: str, claim: Claim) -> str:
    """The algorithm, time, scope and digest that the signing key signs."""
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{ALGORITHM}\n{claim.timestamp}\n{claim.scope}\n{digest}"


def sign(text: str, *, claim: Claim, secret_key: str) -> str:
    """The hexadecimal signature that the secret gives this text within the claim's scope."""
    key = f"AWS4{secret_key}".encode()
    for part in (claim.scope_date, claim.region, claim.service, claim.terminal):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def _check_scope(claim: Claim, owner: Owner) -> None:
    prefix = "Error parsing the X-Amz-Credential parameter; " if claim.is_presigned else ""
    if claim.region != owner.region:
        wrong = f"the region '{claim.region}' is wrong; expecting '{owner.region}'"
        raise malformed(prefix + wrong, presigned=claim.is_presigned, Region=owner.region)
    if claim.service != SERVICE:
        wrong = f'incorrect service "{claim.service}". This endpoint belongs to "{SERVICE}".'
        raise malformed(prefix + wrong, presigned=claim.is_presigned)
    if claim.terminal != TERMINAL:
        wrong = f'incorrect terminal "{claim.terminal}". This endpoint uses "{TERMINAL}".'
        raise malformed(prefix + wrong, presigned=claim.is_presigned)
    if claim.scope_date != claim.timestamp[:8]:
        wrong = f'invalid credential date "{claim.scope_date}". It is not the date of "{claim.timestamp}".'
        raise malformed(prefix + wrong, presigned=claim.is_presigned)


def _check_no_session_token(request: WireRequest) -> None:
    # The local key pair is a long-term one: S3 refuses a session token beside such a key.
    in_query = any(name == "X-Amz-Security-Token" for name, _ in request.query)
    if in_query or request.header("x-amz-security-token") is not None:
        raise S3Error("InvalidToken", "The provided token is malformed or otherwise invalid.")


def _check_time(claim: Claim, now_seconds: float) -> None:
    if claim.expires_seconds is None:
        if abs(now_seconds - claim.signed_at) > MAX_SKEW_SECONDS:
            message = "The difference between the request time and the current time is too large."
            raise S3Error("RequestTimeTooSkewed", message, ServerTime=_iso(now_seconds))
        return
    if claim.signed_at > now_seconds + MAX_SKEW_SECONDS:
        raise S3Error("AccessDenied", "Request is not yet valid", ServerTime=_iso(now_seconds))
    expires_at = claim.signed_at + claim.expires_seconds
    if now_seconds >= expires_at:
        times = {"Expires": _iso(expires_at), "ServerTime": _iso(now_seconds)}
        raise S3Error("AccessDenied", "Request has expired", **times)


def _check_headers_signed(request: WireRequest, claim: Claim) -> None:
    must_be_signed = {"host"} | {name for name, _ in request.headers if name.startswith("x-amz-")}
    unsigned = sorted(must_be_signed - set(claim.signed_headers))
    if unsigned:
        message = "There were headers present in the request which were not signed"
        raise S3Error("AccessDenied", message, HeadersNotSigned=", ".join(unsigned))
    if claim.is_presigned and claim.payload_hash != UNSIGNED_PAYLOAD:
        _check_presigned_hash(claim.payload_hash)


def _check_presigned_hash(payload_hash: str) -> None:
    if not SHA256_HEX.fullmatch(payload_hash):
        raise S3Error("InvalidArgument", "x-amz-content-sha256 must be UNSIGNED-PAYLOAD or a sha256 value.")


def _check_signature(request: WireRequest, claim: Claim, owner: Owner) -> None:
    canonical = canonical_request(request, claim)
    text = string_to_sign(canonical, claim)
    expected = sign(text, claim=claim, secret_key=owner.secret_key)
    if not hmac.compare_digest(expected.encode(), claim.signature.encode()):
        message = (
            "The request signature we calculated does not match the signature you provided. "
            "Check your key and signing method."
        )
        shown = {"StringToSign": text, "CanonicalRequest": canonical, "SignatureProvided": claim.signature}
        raise S3Error("SignatureDoesNotMatch", message, AWSAccessKeyId=claim.access_key, **shown)


def _canonical_query(request: WireRequest) -> str:
    pairs = [
        (quote(name, safe=UNRESERVED), quote(value, safe=UNRESERVED))
        for name, value in request.query
        if name != "X-Amz-Signature"
    ]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _folded(value: str | None) -> str:
    return " ".join((value or "").split())


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
