"""Builds the discard_objects worker: keys in, objects gone."""

from shared.config.environment import load
from shared.edge.queue import queue_handler
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings
from shared.outbox.message import DiscardBody, Message


class Settings(BucketSettings):
    """What this function reads of its environment."""


settings = load(Settings)
store = S3Store.of(settings)


def discard(message: Message) -> None:
    """Remove the named objects and uploads; what is gone already is no error."""
    body = DiscardBody.model_validate(message.body)
    for upload in body.uploads:  # first: one that is just being joined becomes an object
        store.abandon_parts(upload.object_key, upload.upload_id)
    store.discard(body.object_keys)


handler = queue_handler(discard, None)
