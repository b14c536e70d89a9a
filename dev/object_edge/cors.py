"""The bucket's CORS rule: any page served from this machine may GET, HEAD and PUT, and read the ETag."""

import re
from collections.abc import Mapping

from dev.object_edge.refusals import S3Error
from functions.catalogue.browsers import BUCKET_MAX_AGE_SECONDS, BUCKET_METHODS, BUCKET_RESPONSE_HEADERS

LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")


def preflight_headers(request_headers: Mapping[str, str]) -> dict[str, str]:
    """What to answer an OPTIONS request with.

    Raises:
        S3Error: AccessForbidden when the rule does not allow it, InvalidRequest when it is no preflight.
    """
    origin = request_headers.get("origin")
    method = request_headers.get("access-control-request-method")
    if origin is None or method is None:
        raise S3Error("InvalidRequest", "Insufficient information. Origin request header needed.")
    if not LOCAL_ORIGIN.fullmatch(origin) or method not in BUCKET_METHODS:
        message = "CORSResponse: This CORS request is not allowed. No rule matches this origin and method."
        raise S3Error("AccessForbidden", message, Method=method, ResourceType="OBJECT")
    return {
        **response_headers(origin),
        "access-control-allow-methods": ", ".join(BUCKET_METHODS),
        "access-control-allow-headers": request_headers.get("access-control-request-headers", ""),
        "access-control-max-age": str(BUCKET_MAX_AGE_SECONDS),
    }


def response_headers(origin: str | None) -> dict[str, str]:
    """What to add to an answer, so that a local page may read it."""
    if origin is None or not LOCAL_ORIGIN.fullmatch(origin):
        return {}
    return {
        "access-control-allow-origin": origin,
        "access-control-expose-headers": ", ".join(BUCKET_RESPONSE_HEADERS),
        "vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    }
