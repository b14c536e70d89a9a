"""Firebase Authentication against an Identity Toolkit at the socket: what each answer means, how long it may take."""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google.auth import crypt, jwt
from google.oauth2 import service_account

from dev.accounts_vendor import settings_of
from dev.issuer import Issuer, RefreshRefused
from dev.key_file import new_key
from dev.localhost import serving
from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.identity_app import create_app
from dev.vendors.identity_local import LocalPeople
from shared.config.environment import SettingsError
from shared.errors import VendorDown
from shared.identity.firebase_accounts import FirebaseAccounts
from shared.identity.model import SignIn
from shared.identity.service_account import read_service_account
from shared.identity.settings import AccountsSettings
from tests.fakes.vendor_server import Answer, VendorServer, vendor_server
from tests.fixtures.local_stripe import served_in_thread

KEY = new_key()
google_jwt: Any = jwt  # untyped, as the next
google_crypt: Any = crypt
google_accounts: Any = service_account
PROJECT = "project-of-tests"
TOKEN = Answer.of_json({"access_token": "access", "expires_in": 3_600, "token_type": "Bearer"})
WIDE_SECONDS = 8


def words_of(part: str) -> Any:
    """A part of a JWT: an object, or a signature's length, for the two write their objects with other spaces."""
    told = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return json.loads(told) if told.startswith(b"{") else len(told)


def accounts_at(url: str, *, account: ServiceAccount | None = None, **others: Any) -> FirebaseAccounts:
    named = settings_of(account or ServiceAccount(project=PROJECT, key=KEY), url)
    return FirebaseAccounts.of(AccountsSettings(**{name.lower(): value for name, value in named.items()}), **others)


@pytest.fixture(scope="module")
def people() -> LocalPeople:
    return LocalPeople()


@pytest.fixture(scope="module")
def url(people: LocalPeople) -> Iterator[str]:
    with served_in_thread(serving(create_app(people, ServiceAccount(project=PROJECT, key=KEY)))) as url:
        yield url


@pytest.fixture
def accounts(url: str) -> FirebaseAccounts:
    return accounts_at(url)


def test_signing_out_is_known_afterwards_and_refreshes_no_token_of_before(
    accounts: FirebaseAccounts, people: LocalPeople
) -> None:
    issuer = Issuer(project=PROJECT, key=KEY, people=people)
    now = int(time.time())
    kept = issuer.refresh_token("alice", auth_time=now - 60)
    assert accounts.look("alice") == SignIn(is_disabled=False, valid_since=None)
    assert issuer.refreshed(kept)
    accounts.sign_out("alice")
    found = accounts.look("alice")
    assert found is not None
    assert found.valid_since is not None
    assert found.valid_since.timestamp() == pytest.approx(now, abs=60)
    with pytest.raises(RefreshRefused):
        issuer.refreshed(kept)
    assert issuer.refreshed(issuer.refresh_token("alice", auth_time=now + 120))
    assert accounts.look("somebody else") == SignIn(is_disabled=False, valid_since=None)


def test_an_account_is_removed_once_and_however_often_it_is_asked_for(
    accounts: FirebaseAccounts, people: LocalPeople
) -> None:
    issuer = Issuer(project=PROJECT, key=KEY, people=people)
    kept = issuer.refresh_token("bob")
    for _ in range(2):
        accounts.delete("bob")
        assert accounts.look("bob") is None
        accounts.sign_out("bob")
    with pytest.raises(RefreshRefused):
        issuer.refreshed(kept)


def test_a_disabled_account_is_known_as_such(accounts: FirebaseAccounts, people: LocalPeople) -> None:
    people.disable("carol")
    found = accounts.look("carol")
    assert found is not None
    assert found.is_disabled


def test_a_stranger_to_the_project_is_told_nothing(url: str) -> None:
    for account in (ServiceAccount(project=PROJECT, key=new_key()), ServiceAccount(project="elsewhere", key=KEY)):
        stranger = accounts_at(url, account=account)
        with pytest.raises(VendorDown):
            stranger.look("alice")


@pytest.fixture
def vendor() -> Iterator[VendorServer]:
    with vendor_server() as vendor:
        yield vendor


UNKNOWN = Answer.of_json({"error": {"code": 400, "message": "USER_NOT_FOUND"}}, status=400)
NOBODY = Answer.of_json({"kind": "identitytoolkit#GetAccountInfoResponse"})


def test_the_dead_are_removed_and_signed_out(vendor: VendorServer) -> None:
    accounts = accounts_at(vendor.url)
    vendor.answer_with(TOKEN, UNKNOWN, UNKNOWN, NOBODY)
    accounts.delete("u")
    accounts.sign_out("u")
    assert accounts.look("u") is None
    assert [json.loads(received.body)["localId"] for received in vendor.received[1:]] == ["u", "u", ["u"]]
    assert {received.path for received in vendor.received[1:]} == {
        f"/v1/projects/{PROJECT}/accounts:{verb}" for verb in ("delete", "update", "lookup")
    }


@pytest.mark.parametrize(
    "answer",
    [
        Answer.of_json({"error": {"code": 503, "message": "UNAVAILABLE"}}, status=503),
        Answer.of_json({"error": {"code": 503, "message": "UNAVAILABLE"}}, status=503, sent_bytes=4),
        Answer(status=429, body=b"{}", headers={"Retry-After": "3600"}),
        Answer.of_json({"error": {"code": 400, "message": "INSUFFICIENT_PERMISSION"}}, status=400),
        Answer(body=b"<html>Sign in</html>", headers={"Content-Type": "text/html"}),
        Answer.of_json({"users": "nobody"}),
        Answer.of_json({"users": [{"validSince": "soon", "localId": "u"}]}),
    ],
    ids=["down", "cut-short", "throttled", "our-key", "html", "of-another-shape", "no-moment"],
)
def test_no_answer_of_use_is_never_taken_for_a_person_who_is_gone_or_signed_in(
    vendor: VendorServer, answer: Answer
) -> None:
    accounts = accounts_at(vendor.url)
    vendor.answer_with(TOKEN, answer)
    begun = time.monotonic()
    with pytest.raises(VendorDown):
        accounts.look("u")
    with pytest.raises(VendorDown):
        accounts.delete("u")
    with pytest.raises(VendorDown):
        accounts.sign_out("u")
    assert len(vendor.received) == 4
    assert time.monotonic() - begun < WIDE_SECONDS


@pytest.mark.parametrize(("seconds", "total_seconds"), [(0.3, 9.0), (9.0, 0.3)])
def test_an_answer_that_never_comes_keeps_nobody_waiting(
    vendor: VendorServer, seconds: float, total_seconds: float
) -> None:
    accounts = accounts_at(vendor.url, seconds=seconds, total_seconds=total_seconds)
    vendor.answer_with(Answer(hangs=True))
    begun = time.monotonic()
    with pytest.raises(VendorDown):
        accounts.look("u")
    assert time.monotonic() - begun < WIDE_SECONDS


@pytest.mark.parametrize("written", ["", "no json", "{}", '{"type": "service_account"}', "[]"])
def test_credentials_that_cannot_be_read_are_named_at_init(written: str) -> None:
    settings = AccountsSettings(firebase_auth_credentials=written, firebase_auth_project_id="p")
    with pytest.raises(SettingsError, match="FIREBASE_AUTH_CREDENTIALS"):
        FirebaseAccounts.of(settings)


def test_an_emulators_variable_leads_nobody_elsewhere(
    accounts: FirebaseAccounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9")
    assert accounts.look("somebody") == SignIn(is_disabled=False, valid_since=None)


def test_a_token_serves_many_questions_and_one_that_is_refused_is_replaced(vendor: VendorServer) -> None:
    accounts = accounts_at(vendor.url)
    refused = Answer.of_json({"error": {"code": 401, "message": "INVALID_CREDENTIALS"}}, status=401)
    vendor.answer_with(TOKEN, NOBODY, NOBODY, refused, TOKEN, NOBODY)
    for _ in range(3):
        assert accounts.look("u") is None
    assert [received.path.endswith("token") for received in vendor.received] == [True, *[False] * 3, True, False]


def test_a_token_that_was_refused_when_it_was_new_is_not_asked_for_again(vendor: VendorServer) -> None:
    refused = Answer.of_json({"error": {"code": 403, "message": "PERMISSION_DENIED"}}, status=403)
    vendor.answer_with(TOKEN, refused)
    with pytest.raises(VendorDown):
        accounts_at(vendor.url).look("u")
    assert len(vendor.received) == 2


def test_while_they_fail_the_token_is_kept(vendor: VendorServer) -> None:
    accounts = accounts_at(vendor.url)
    vendor.answer_with(TOKEN, Answer.of_json({}, status=503), NOBODY)
    with pytest.raises(VendorDown):
        accounts.look("u")
    assert accounts.look("u") is None
    assert [received.path.endswith("token") for received in vendor.received] == [True, False, False]


def test_an_answer_that_is_nested_without_end_is_of_no_use(vendor: VendorServer) -> None:
    vendor.answer_with(TOKEN, Answer(body=b"[" * 100_000))
    with pytest.raises(VendorDown):
        accounts_at(vendor.url).look("u")


def test_a_key_that_is_none_of_googles_is_named_at_init() -> None:
    told = json.loads(ServiceAccount(project=PROJECT, key=KEY).as_json(token_uri="https://oauth2.example/token"))
    elliptic = ec.generate_private_key(ec.SECP256R1())
    told["private_key"] = elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(SettingsError, match="KEY_OF_TESTS"):
        read_service_account(json.dumps(told), variable="KEY_OF_TESTS")


def test_an_answer_about_another_account_is_of_no_use(vendor: VendorServer) -> None:
    vendor.answer_with(TOKEN, Answer.of_json({"users": [{"localId": "v"}]}))
    with pytest.raises(VendorDown):
        accounts_at(vendor.url).look("u")


def test_an_assertion_is_what_googles_own_library_makes() -> None:
    text = ServiceAccount(project=PROJECT, key=KEY).as_json(token_uri="https://oauth2.example/token")
    ours = read_service_account(text, variable="V").assertion(scope="s", at=1_790_000_000)
    claims = google_jwt.decode(ours, verify=False)
    signer = google_crypt.RSASigner.from_service_account_info(json.loads(text))
    assert [*map(words_of, ours.split("."))] == [*map(words_of, google_jwt.encode(signer, claims).decode().split("."))]
    named = google_accounts.Credentials.from_service_account_info(json.loads(text), scopes=["s"])
    theirs = google_jwt.decode(named._make_authorization_grant_assertion(), verify=False)
    assert {**claims, "iat": 0, "exp": 3_600} == {**theirs, "iat": 0, "exp": theirs["exp"] - theirs["iat"]}


def test_moments_are_whole_seconds_in_utc(vendor: VendorServer) -> None:
    accounts = accounts_at(vendor.url)
    vendor.answer_with(TOKEN, Answer.of_json({"users": [{"localId": "u", "validSince": "1790000000"}]}))
    assert accounts.look("u") == SignIn(is_disabled=False, valid_since=datetime.fromtimestamp(1_790_000_000, UTC))
