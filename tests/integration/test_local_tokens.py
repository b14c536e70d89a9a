"""Our issuer and the JWT authorizer, over real HTTP through the gateway."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette

from dev.gateway.authorizer import JwtAuthorizer
from dev.issuer import Issuer, issuer_routes, open_issuer
from dev.localhost import serving
from tests.fixtures.local_gateway import PROJECT, Platform, encoded, event_in, now, platform_in_thread


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    with platform_in_thread(tmp_path_factory.mktemp("issuer")) as running:
        yield running


def test_a_minted_token_opens_the_api_and_its_claims_arrive_as_texts(platform: Platform) -> None:
    response = platform.client.get(
        f"{platform.issuer_url}/dev/token",
        params={"uid": "alice", "email": "a@b.example", "role": "admin", "email_verified": "true"},
    )
    event = event_in(platform.get(authorization=f"Bearer {response.text}"))
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    assert event["requestContext"]["authorizer"]["jwt"]["scopes"] is None
    assert claims["iss"] == f"https://securetoken.google.com/{PROJECT}"
    assert (claims["sub"], claims["user_id"], claims["aud"]) == ("alice", "alice", PROJECT)
    assert (claims["email"], claims["email_verified"], claims["role"]) == ("a@b.example", "true", "admin")
    assert claims["firebase"] == "map[identities:map[email:[a@b.example]] sign_in_provider:password]"
    assert int(claims["exp"]) - int(claims["iat"]) == 3_600
    assert event["pathParameters"] == {"note_id": "7"}


@pytest.mark.parametrize("query", ["", "?uid=", "?uid=a&expires_in=soon", "?uid=a&exp=never"])
def test_a_token_request_that_makes_no_sense_is_a_400(platform: Platform, query: str) -> None:
    assert platform.client.get(f"{platform.issuer_url}/dev/token{query}").status_code == 400


def test_the_signing_key_survives_a_restart_and_is_private(tmp_path: Path) -> None:
    first = open_issuer(tmp_path / "new", project=PROJECT)
    again = open_issuer(tmp_path / "new", project=PROJECT)
    assert first.jwks() == again.jwks()
    (file,) = (tmp_path / "new").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "d" not in first.jwks()["keys"][0]


GOOD: dict[str, Callable[[Platform], str]] = {
    "a plain good token": lambda p: f"Bearer {p.signed()}",
    "lower-case bearer": lambda p: f"bearer {p.signed()}",
    "several audiences": lambda p: f"Bearer {p.signed(aud=['other', PROJECT])}",
    "client_id in place of aud": lambda p: f"Bearer {p.signed(aud=None, client_id=PROJECT)}",
    # AWS checks no sub, so these pass here too: our functions refuse them.
    "empty sub": lambda p: f"Bearer {p.signed(sub='')}",
    "sub of 129 characters": lambda p: f"Bearer {p.signed(sub='s' * 129)}",
    "no sub": lambda p: f"Bearer {p.signed(sub=None)}",
    "jku to elsewhere, signed by our key": lambda p: f"Bearer {p.signed(header={'jku': 'http://127.0.0.1:1/'})}",
}


@pytest.mark.parametrize("case", GOOD)
def test_a_good_token_passes(platform: Platform, case: str) -> None:
    assert platform.get(authorization=GOOD[case](platform)).status_code == 200


OTHER_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
OTHER_JWK = RSAAlgorithm.to_jwk(OTHER_KEY.public_key(), as_dict=True)


def unsigned(p: Platform, algorithm: str) -> str:
    parts = p.signed(header={"alg": algorithm}).split(".")
    return ".".join([*parts[:2], ""])


def hmac_with_public_key(p: Platform, data_format: serialization.PublicFormat) -> str:
    public = p.key.public_key().public_bytes(serialization.Encoding.PEM, data_format)
    parts = p.signed(header={"alg": "HS256"}).split(".")
    signature = hmac.new(public, ".".join(parts[:2]).encode(), hashlib.sha256).digest()
    return ".".join([*parts[:2], encoded(signature).decode()])


def tampered(p: Platform) -> str:
    header, _, signature = p.signed().split(".")
    payload = p.signed(sub="mallory").split(".")[1]
    return f"{header}.{payload}.{signature}"


def foreign(p: Platform, **header: Any) -> str:
    return p.signed_by(OTHER_KEY, header=header)


BAD: dict[str, Callable[[Platform], str]] = {
    "alg none": lambda p: f"Bearer {unsigned(p, 'none')}",
    "alg None in capitals": lambda p: f"Bearer {unsigned(p, 'NONE')}",
    "alg missing": lambda p: f"Bearer {p.signed(header={'alg': None})}",
    "HS256 by the public key": lambda p: (
        f"Bearer {hmac_with_public_key(p, serialization.PublicFormat.SubjectPublicKeyInfo)}"
    ),
    "HS256 by the public key, PKCS1": lambda p: f"Bearer {hmac_with_public_key(p, serialization.PublicFormat.PKCS1)}",
    "RS384 in the header": lambda p: f"Bearer {p.signed(header={'alg': 'RS384'})}",
    "ES256 in the header": lambda p: f"Bearer {p.signed(header={'alg': 'ES256'})}",
    "unknown kid": lambda p: f"Bearer {p.signed(header={'kid': 'unknown'})}",
    "no kid": lambda p: f"Bearer {p.signed(header={'kid': None})}",
    "kid is a number": lambda p: f"Bearer {p.signed(header={'kid': 7})}",
    "kid is a path": lambda p: f"Bearer {p.signed(header={'kid': '../../dev/null'})}",
    "wrong aud": lambda p: f"Bearer {p.signed(aud='another-project')}",
    "aud without ours": lambda p: f"Bearer {p.signed(aud=['a', 'b'])}",
    "aud missing": lambda p: f"Bearer {p.signed(aud=None)}",
    "aud wrong, client_id right": lambda p: f"Bearer {p.signed(aud='x', client_id=PROJECT)}",
    "wrong iss": lambda p: f"Bearer {p.signed(iss='https://securetoken.google.com/other')}",
    "iss with a slash": lambda p: f"Bearer {p.signed(iss=p.issuer.url + '/')}",
    "iss missing": lambda p: f"Bearer {p.signed(iss=None)}",
    "expired": lambda p: f"Bearer {p.signed(exp=now() - 1)}",
    "expired by the issuer's own means": lambda p: f"Bearer {p.issuer.token('alice', expires_in_seconds=-5)}",
    "exp missing": lambda p: f"Bearer {p.signed(exp=None)}",
    "exp is a word": lambda p: f"Bearer {p.signed(exp='tomorrow')}",
    "nbf in the future": lambda p: f"Bearer {p.signed(nbf=now() + 600)}",
    "iat in the future": lambda p: f"Bearer {p.signed(iat=now() + 600)}",
    "payload tampered": lambda p: f"Bearer {tampered(p)}",
    "signature stripped": lambda p: f"Bearer {unsigned(p, 'RS256')}",
    "signature cut": lambda p: f"Bearer {p.signed()[:-8]}",
    "two parts": lambda p: f"Bearer {'.'.join(p.signed().split('.')[:2])}",
    "four parts": lambda p: f"Bearer {p.signed()}.x",
    "other key, our kid": lambda p: f"Bearer {foreign(p)}",
    "other key, jwk in the header": lambda p: f"Bearer {foreign(p, jwk=OTHER_JWK)}",
    "other key, jku in the header": lambda p: f"Bearer {foreign(p, jku='http://127.0.0.1:1/jwks')}",
    "other key, x5u in the header": lambda p: f"Bearer {foreign(p, x5u='http://127.0.0.1:1/x')}",
    "unknown crit": lambda p: f"Bearer {p.signed(header={'crit': ['exotic'], 'exotic': True})}",
    "garbage": lambda _: "Bearer garbage",
    "dots": lambda _: "Bearer ...",
    "payload is a list": lambda p: f"Bearer {p.signed().split('.')[0]}.W10.AAAA",
    "scheme alone": lambda _: "Bearer",
    "missing Bearer": lambda p: p.signed(),
    "Basic": lambda _: "Basic YWxpY2U6c2VjcmV0",
    "two tokens": lambda p: f"Bearer {p.signed()}, Bearer {p.signed()}",
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_token_is_refused_before_the_function(platform: Platform, case: str) -> None:
    response = platform.get(authorization=BAD[case](platform))
    assert (response.status_code, response.json()) == (401, {"message": "Unauthorized"})
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_no_token_and_an_empty_header_are_refused(platform: Platform) -> None:
    for response in (platform.get(), platform.get(authorization="")):
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"


def test_a_token_in_the_query_is_refused(platform: Platform) -> None:
    assert platform.get(f"/notes/7?access_token={platform.signed()}&token={platform.signed()}").status_code == 401


def test_a_very_long_token_is_refused_for_its_size(platform: Platform) -> None:
    response = platform.get(authorization=f"Bearer {platform.signed(sub='s' * 9_000)}")
    assert response.status_code == 431


def test_the_reason_names_what_is_wrong_with_the_token(platform: Platform) -> None:
    response = platform.get(authorization=f"Bearer {platform.signed(exp=now() - 1)}")
    expected = 'Bearer scope="" error="invalid_token" error_description="the token has expired"'
    assert response.headers["www-authenticate"] == expected


def test_an_unknown_kid_asks_the_issuer_again_only_every_few_seconds(tmp_path: Path) -> None:
    asked: list[str] = []

    async def story() -> None:
        issuer = open_issuer(tmp_path, project=PROJECT)
        app = Starlette(routes=issuer_routes(issuer))

        async def counting(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                asked.append(scope["path"])
            await app(scope, receive, send)

        async with serving(counting) as url:
            authorizer = JwtAuthorizer(issuer=issuer.url, audience=PROJECT, jwks_url=f"{url}/dev/jwks.json")
            for _ in range(20):
                assert (await authorizer.claims(f"Bearer {issuer.token('a')}"))["sub"] == "a"
            other = Issuer(project=PROJECT, key=OTHER_KEY)
            for _ in range(20):
                with pytest.raises(Exception, match="kid"):
                    await authorizer.claims(f"Bearer {other.token('a')}")
            await authorizer.stop()

    asyncio.run(story())
    assert asked == ["/dev/jwks.json"]
