"""A push in Firebase's own shape: ids, a title and a line, the same few hundred bytes whatever a note holds."""

from datetime import UTC, datetime

from firebase_admin.messaging import (
    AndroidConfig,
    AndroidNotification,
    APNSConfig,
    APNSPayload,
    Aps,
    Message,
    Notification,
    WebpushConfig,
    WebpushNotification,
)

from shared.notifications.model import STALE_AFTER, Push


def message_of(push: Push, token: str, *, now: datetime | None = None) -> Message:
    """The message for one device.

    The notification's id is its tag everywhere, so that a second copy takes the first one's place. What no phone took
    within a day is dropped by the vendor.
    """
    tag = str(push.notification_id)
    expires = int(((now or datetime.now(UTC)) + STALE_AFTER).timestamp())
    data = {"kind": push.kind.value, "notification_id": tag}
    if push.session_id is not None:
        data["session_id"] = str(push.session_id)
    return Message(
        token=token,
        notification=Notification(title=push.title, body=push.body),
        data=data,
        android=AndroidConfig(collapse_key=tag, ttl=STALE_AFTER, notification=AndroidNotification(tag=tag)),
        apns=APNSConfig(
            headers={"apns-collapse-id": tag, "apns-expiration": str(expires)},
            # The app may write the title of the note into it, on the phone: mutable-content lets it.
            payload=APNSPayload(aps=Aps(mutable_content=True)),
        ),
        webpush=WebpushConfig(
            headers={"TTL": str(int(STALE_AFTER.total_seconds()))}, notification=WebpushNotification(tag=tag)
        ),
    )
