"""Signs a request to a service: in its headers, or, for somebody else to send it, in its URL."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import SplitResult, quote, urlsplit

from shared.config.credentials import Credentials
from shared.config.signature import ALGORITHM, UNSIGNED_PAYLOAD, Scope, Signable, digest_of, names_of
from shared.values import frozen

_S3 = "s3"
_PORTS = {"http": 80, "https": 443}


@frozen
class Signer:
    """For one service in one region. URLs it is given are percent-encoded, but for `-._~` and a path's slashes.

    Paths go into the signature as S3 wants them, as they are; other services are asked at `/` only. S3 also wants to be
    told the body's digest, and takes any body by a URL, where for others it is an empty one.
    https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
    """

    region: str
    service: str

    def headers(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        credentials: Credentials,
        at: datetime,
    ) -> dict[str, str]:
        """All headers to send: those given, by lower-case name, and the signature, made at a moment (UTC).

        AWS takes it for five minutes.
        """
        scope, payload, parts = self._scope(at), digest_of(body), urlsplit(url)
        signed = {name.lower(): value for name, value in headers.items()}
        signed |= {"host": _host(parts), "x-amz-date": scope.moment}
        if self.service == _S3:
            signed["x-amz-content-sha256"] = payload
        if credentials.session_token:
            signed["x-amz-security-token"] = credentials.session_token
        asked = Signable(method=method, path=parts.path or "/", query=parts.query, headers=signed, payload=payload)
        return signed | {"authorization": asked.authorization(scope, credentials)}

    def url(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        credentials: Credentials,
        at: datetime,
        expires_in_seconds: int,
    ) -> str:
        """The URL with the signature in it; whoever uses it must send `headers` as given.

        https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
        """
        scope, parts = self._scope(at), urlsplit(url)
        signed = {name.lower(): value for name, value in headers.items()} | {"host": _host(parts)}
        words = {
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": scope.holder(credentials),
            "X-Amz-Date": scope.moment,
            "X-Amz-Expires": str(expires_in_seconds),
            "X-Amz-SignedHeaders": names_of(signed),
            **({"X-Amz-Security-Token": credentials.session_token} if credentials.session_token else {}),
        }
        added = [f"{name}={quote(value, safe='-_.~')}" for name, value in words.items()]
        query = "&".join([*([parts.query] if parts.query else []), *added])
        payload = UNSIGNED_PAYLOAD if self.service == _S3 else digest_of(b"")
        asked = Signable(method=method, path=parts.path or "/", query=query, headers=signed, payload=payload)
        return parts._replace(query=f"{query}&X-Amz-Signature={asked.signature(scope, credentials)}").geturl()

    def _scope(self, at: datetime) -> Scope:
        return Scope.at(at, region=self.region, service=self.service)


def _host(parts: SplitResult) -> str:
    """As HTTP clients send it: without a port that its scheme implies."""
    named = parts.hostname or ""
    host = f"[{named}]" if ":" in named else named
    return host if parts.port in {None, _PORTS.get(parts.scheme)} else f"{host}:{parts.port}"
