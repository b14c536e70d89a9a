"""Uploads in parts whose process dies after any statement: nothing that was sent is lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.media.model import MediaStatus
from shared.media.s3_store import S3Store
from shared.sessions.commit_upload import commit_upload
from shared.sessions.find_lost_uploads import find_lost_uploads
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.captured import Backend
from tests.fixtures.kill_points import Mortal, Work, deaths, mortal
from tests.fixtures.object_store import LocalBucket, local_bucket, store_at
from tests.fixtures.phone_in_parts import (
    CONTENT,
    PARTS,
    PartsPhone,
    media_of,
    of_session,
    send_all,
    stored_bytes,
    upload_of,
)
from tests.fixtures.sweeping import pass_time

UPLOADED = MediaStatus.UPLOADED


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBucket]:
    with local_bucket(tmp_path_factory.mktemp("objects")) as running:
        yield running


@pytest.fixture
def store(bucket: LocalBucket) -> S3Store:
    return store_at(bucket.edge_url)


@pytest.fixture
def process(postgres: Postgres, database_name: str) -> Iterator[Mortal]:
    with mortal(postgres.url(database_name, role="second_brain_app")) as process:
        yield process


def test_a_commit_that_dies_anywhere_is_made_good_by_a_sweep_without_its_phone(
    backend: Backend,
    bucket: LocalBucket,
    store: S3Store,
    process: Mortal,
    system_db: Database,
    owner: psycopg.Connection,
) -> None:
    user_id = backend.user()
    phones: list[PartsPhone] = []

    def all_sent() -> Work:
        phone = of_session(backend, store, user_id, backend.session(user_id))
        phones.append(phone)
        send_all(phone)
        return lambda db: commit_upload(db, store_at(bucket.edge_url), MemoryQueue(), phone.user_id, phone.media_id)

    for life in deaths(process, all_sent):
        phone = phones[-1]
        pass_time(owner, timedelta(minutes=6))
        find_lost_uploads(system_db, store, backend.queue)
        assert media_of(phone).status is UPLOADED, life.points
        assert len(backend.read(user_id, phone.session_id).blocks) == 1
        assert stored_bytes(phone) == CONTENT
        store.discard([media_of(phone).object_key])
    assert len(phones) > 8  # as many as there are statements, and one life that is whole


def test_a_first_presign_that_dies_anywhere_is_repeated_into_one_upload(
    backend: Backend, bucket: LocalBucket, store: S3Store, process: Mortal
) -> None:
    user_id = backend.user()
    phones: list[PartsPhone] = []

    def known() -> Work:
        phone = of_session(backend, store, user_id, backend.session(user_id))
        phones.append(phone)
        return lambda db: replace(phone, backend=replace(backend, db=db), store=store_at(bucket.edge_url)).presign()

    for _ in deaths(process, known):
        phone = phones[-1]
        assert len(phone.presign().missing) == PARTS
        under_way = [found.upload_id for found in store.list_unfinished(media_of(phone).object_key, after=None).uploads]
        assert upload_of(phone).upload_id in under_way
        assert len(under_way) <= 2  # the other one, begun before its row, is aborted as an orphan
    assert len(phones) > 8
