"""Firebase's real SDK against an FCM at the socket: what each answer means to us, and how long it may take."""

import json
import time
from collections.abc import Iterator

import pytest

from dev.key_file import new_key
from dev.localhost import serving
from dev.push_vendor import settings_of
from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.fcm_app import create_app
from dev.vendors.fcm_local import MAX_PAYLOAD_BYTES, LocalFcm, payload_bytes
from shared.config.environment import SettingsError
from shared.identity.model import PushChoices
from shared.ids import SessionId, UserId, new_id
from shared.notifications.firebase_pusher import FirebasePusher
from shared.notifications.model import Notification, Push, PushAnswer, PushKind, Verdict
from shared.notifications.settings import FirebaseSettings
from shared.notifications.wording import LANGUAGES, compose
from tests.fakes.fcm_like import DOWN, GONE, OTHER_PROJECT, RESET, FcmLike, error, fcm_like
from tests.fakes.vendor_server import Answer
from tests.fixtures.local_stripe import served_in_thread

HTML = Answer(body=b"<html>Sign in</html>", headers={"Content-Type": "text/html"})
SENT, LATER, REFUSED = (PushAnswer(verdict=verdict) for verdict in (Verdict.SENT, Verdict.LATER, Verdict.REFUSED))
WIDE_SECONDS = 8


@pytest.fixture
def fcm() -> Iterator[FcmLike]:
    with fcm_like() as vendor:
        yield vendor


@pytest.fixture
def pusher(fcm: FcmLike) -> Iterator[FirebasePusher]:
    pusher = fcm.pusher()
    yield pusher
    pusher.close()


def a_push(kind: PushKind = PushKind.PROCESSED, language: str = "en") -> Push:
    notification = Notification(
        id=new_id(),
        user_id=UserId(new_id()),
        kind=kind,
        session_id=SessionId(new_id()),
        attempts=1,
        is_stale=False,
    )
    return compose(notification, language)


def test_a_phone_is_told_the_kind_and_the_session_and_the_id_is_its_tag(fcm: FcmLike, pusher: FirebasePusher) -> None:
    push = a_push()
    assert pusher.push(push, ["phone"]) == [SENT]
    [message] = fcm.phone("phone").messages
    tag = str(push.notification_id)
    assert message["notification"] == {"title": "Your note is ready", "body": push.body}
    assert message["data"] == {"kind": "processed", "notification_id": tag, "session_id": str(push.session_id)}
    assert message["android"] == {"collapse_key": tag, "ttl": "86400s", "notification": {"tag": tag}}
    assert message["apns"]["headers"]["apns-collapse-id"] == tag
    assert int(message["apns"]["headers"]["apns-expiration"]) == pytest.approx(time.time() + 86_400, abs=60)
    assert message["apns"]["payload"] == {"aps": {"mutable-content": 1}}
    assert message["webpush"] == {"headers": {"TTL": "86400"}, "notification": {"tag": tag}}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (GONE, PushAnswer(verdict=Verdict.GONE)),
        (OTHER_PROJECT, REFUSED),
        (error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"), REFUSED),
        (error(404, "NOT_FOUND"), LATER),
        (error(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), LATER),
        (error(403, "PERMISSION_DENIED"), LATER),
        (error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), LATER),
        (
            error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", Retry_After="60"),
            PushAnswer(verdict=Verdict.LATER, retry_after_seconds=60),
        ),
        (error(503, "UNAVAILABLE", Retry_After="3600"), PushAnswer(verdict=Verdict.LATER, retry_after_seconds=3_600)),
        (
            error(
                503,
                "UNAVAILABLE",
                Date="Mon, 02 Mar 2026 08:00:00 GMT",
                Retry_After="Mon, 02 Mar 2026 08:01:30 GMT",
            ),
            PushAnswer(verdict=Verdict.LATER, retry_after_seconds=90),
        ),
        (error(503, "UNAVAILABLE", Retry_After="soon"), LATER),
        (error(500, "INTERNAL", "INTERNAL"), LATER),
        (DOWN, LATER),
        (RESET, LATER),
        (HTML, LATER),
        (Answer(status=502, body=b"<html>Bad gateway</html>"), LATER),
        (Answer(status=500, body=b"\xff\xfe"), LATER),
        (Answer.of_json({"error": "no object"}, status=400), LATER),
        (Answer.of_json(["no object"]), LATER),
        (Answer.of_json({"unnamed": True}), LATER),
        (Answer(body=b'{"name": "cut', sent_bytes=6), LATER),
    ],
    ids=[
        "unregistered", "another-project", "malformed-token", "no-such-project", "apples-key", "our-key", "quota",
        "quota-with-a-pause", "down-for-an-hour", "down-until-a-date", "down-until-nonsense", "internal", "down",
        "reset", "html", "bad-gateway", "no-utf-8", "error-of-another-shape", "a-list", "without-a-name", "cut-short",
    ],
)  # fmt: skip
def test_each_answer_means_one_thing_and_the_phones_beside_it_have_theirs(
    fcm: FcmLike, pusher: FirebasePusher, answer: Answer, expected: PushAnswer
) -> None:
    fcm.answer("odd", answer)
    assert pusher.push(a_push(), ["first", "odd", "last"]) == [SENT, expected, SENT]


def test_the_sdk_asks_once_and_never_sleeps_over_a_pause(fcm: FcmLike, pusher: FirebasePusher) -> None:
    """Its own adapter would ask a 503 five times, and sleep for the hour that Retry-After asks for."""
    begun = time.monotonic()
    for token, answer in {"a": DOWN, "b": error(503, "UNAVAILABLE", Retry_After="3600"), "c": RESET}.items():
        fcm.answer(token, answer)
        pusher.push(a_push(), [token])
    assert fcm.asked == {"a": 1, "b": 1, "c": 1}
    assert time.monotonic() - begun < WIDE_SECONDS


def test_a_phone_whose_answer_never_comes_keeps_nobody_waiting(fcm: FcmLike) -> None:
    for seconds, total_seconds in ((0.3, 9), (9, 0.3)):
        pusher = fcm.pusher(seconds=seconds, total_seconds=total_seconds)
        assert pusher.push(a_push(), ["warm"]) == [SENT]  # signed in with Google
        fcm.answer("slow", Answer(hangs=True))
        begun = time.monotonic()
        assert pusher.push(a_push(), ["slow"]) == [LATER]
        assert time.monotonic() - begun < WIDE_SECONDS
        pusher.close()


@pytest.mark.parametrize(
    "answer",
    [
        Answer.of_json({"error": "invalid_grant"}, status=400),
        Answer(body=b"<html>", status=403),
        HTML,
        Answer.of_json({"expires_in": 1}),
        RESET,
    ],
    ids=["refused", "forbidden", "html", "no-token", "reset"],
)
def test_without_googles_token_nobody_is_told_and_everybody_is_tried_again(fcm: FcmLike, answer: Answer) -> None:
    fcm.token_answer = answer
    pusher = fcm.pusher(total_seconds=20)
    assert pusher.push(a_push(), ["one", "two"]) == [LATER, LATER]
    assert fcm.asked == {}
    pusher.close()


@pytest.mark.parametrize("written", ["", "no json", "{}", '{"type": "service_account"}', "[]"])
def test_credentials_that_cannot_be_read_are_named_at_init(written: str) -> None:
    settings = FirebaseSettings(firebase_credentials=written, firebase_project_id="p")
    with pytest.raises(SettingsError, match="FIREBASE_CREDENTIALS"):
        FirebasePusher.of(settings)


def test_many_phones_are_all_told(fcm: FcmLike, pusher: FirebasePusher) -> None:
    tokens = [f"phone-{number}" for number in range(100)]
    assert pusher.push(a_push(), tokens) == [SENT] * 100
    assert [len(fcm.phone(token).messages) for token in tokens] == [1] * 100


@pytest.mark.parametrize("kind", PushKind)
@pytest.mark.parametrize("language", [*LANGUAGES, "pt-BR", "PT", "de", "", "x" * 35])
def test_every_push_there_is_fits_what_fcm_takes(
    fcm: FcmLike, pusher: FirebasePusher, kind: PushKind, language: str
) -> None:
    assert pusher.push(a_push(kind, language), ["phone"]) == [SENT]
    [message] = fcm.phone("phone").messages
    assert payload_bytes(message) < MAX_PAYLOAD_BYTES / 8
    assert len(json.dumps(message).encode()) < MAX_PAYLOAD_BYTES


def test_every_language_has_words_for_every_kind_and_every_kind_can_be_muted() -> None:
    assert all(set(words) == set(PushKind) for words in LANGUAGES.values())
    assert set(PushChoices.__dataclass_fields__) == set(PushKind)
    assert compose_titles("pt-BR") == compose_titles("pt") != compose_titles("en") == compose_titles("tlh")


def compose_titles(language: str) -> list[str]:
    return [a_push(kind, language).title for kind in PushKind]


def test_the_local_fcm_lets_in_who_signs_with_its_key_and_shows_what_a_phone_would() -> None:
    local, account = LocalFcm(), ServiceAccount(project="here", key=new_key())
    with served_in_thread(serving(create_app(local, account))) as url:
        pusher, stranger, elsewhere = (
            FirebasePusher.of(FirebaseSettings(**{name.lower(): value for name, value in settings.items()}))
            for settings in (
                settings_of(account, url),
                settings_of(ServiceAccount(project="here", key=new_key()), url),
                settings_of(account, url) | {"FIREBASE_PROJECT_ID": "elsewhere"},
            )
        )
        push = a_push()
        for _ in range(2):
            answers = pusher.push(push, ["phone", "gone-phone", "other-project-phone"])
            assert [answer.verdict for answer in answers] == [Verdict.SENT, Verdict.GONE, Verdict.REFUSED]
        assert stranger.push(push, ["phone"]) == [LATER]
        assert elsewhere.push(push, ["phone"]) == [LATER]
        for one in (pusher, stranger, elsewhere):
            one.close()
    [shown] = local.shown()
    assert (shown.token, shown.tag, shown.title, shown.times) == ("phone", str(push.notification_id), push.title, 2)
