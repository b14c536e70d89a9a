"""Large files, part by part, over HTTP into a bucket that checks signatures, with a phone that may die anywhere.

Real parts throughout: Postgres, moto, the edge on a socket, our own adapter. The phone knows its media id and its file.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import httpx
import psycopg
import pytest

from shared.db.connection import Database
from shared.edge.object_notice import read_notices
from shared.errors import Conflict, Invalid
from shared.media.model import MediaStatus
from shared.media.parts import PART_BYTES
from shared.media.s3_store import S3Store
from shared.sessions.finalize_session import finalize_session
from shared.sessions.find_lost_uploads import find_lost_uploads
from shared.sessions.register_upload import register_upload
from tests.fixtures.captured import Backend, count_of
from tests.fixtures.crowds import Crowd
from tests.fixtures.object_store import LocalBucket, local_bucket, store_at
from tests.fixtures.phone_in_parts import (
    CONTENT,
    MIB,
    PARTS,
    PartsPhone,
    commit,
    join_unheard,
    media_of,
    of_session,
    put,
    put_bytes,
    send_all,
    sha256_header,
    stored_bytes,
    upload_of,
)
from tests.fixtures.signed_requests import code_of
from tests.fixtures.sweeping import pass_time

UPLOADED = MediaStatus.UPLOADED


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBucket]:
    with local_bucket(tmp_path_factory.mktemp("objects")) as running:
        yield running


@pytest.fixture
def store(bucket: LocalBucket) -> S3Store:
    bucket.notices()
    return store_at(bucket.edge_url)


@pytest.fixture
def phone(backend: Backend, store: S3Store) -> PartsPhone:
    user_id = backend.user()
    return of_session(backend, store, user_id, backend.session(user_id))


@pytest.mark.parametrize("with_digests", [True, False])
def test_a_large_file_arrives_whole_and_its_bytes_are_pinned(phone: PartsPhone, *, with_digests: bool) -> None:
    phone = replace(phone, with_digests=with_digests)
    assert [signed.part.number for signed in send_all(phone)] == [1, 2, 3]
    media = commit(phone)
    assert (media.status, media.reason) == (UPLOADED, None)
    assert (media.etag or "").endswith(f"-{PARTS}")
    assert stored_bytes(phone) == CONTENT
    assert [commit(phone) for _ in range(2)] == [media] * 2


@pytest.mark.parametrize("order", permutations(range(PARTS)), ids=str)
def test_a_phone_that_dies_after_any_part_goes_on_with_those_that_are_missing(
    phone: PartsPhone, order: tuple[int, ...]
) -> None:
    for sent, number in enumerate(order):
        upload = phone.presign()  # a phone just started: it knows its file and the id
        assert {part.number - 1 for part in upload.stored} == set(order[:sent])
        with pytest.raises(Conflict) as conflict:
            commit(phone)
        assert conflict.value.exact_code == "upload_missing"
        named = ", ".join(str(left + 1) for left in sorted(order[sent:]))
        assert f"by number: {named}." in conflict.value.detail
        signed = next(signed for signed in upload.missing if signed.part.number == number + 1)
        assert put(signed, CONTENT).status_code == 200
    assert phone.presign().missing == ()
    assert commit(phone).status is UPLOADED
    assert stored_bytes(phone) == CONTENT


def test_other_bytes_than_declared_are_refused_part_by_part(phone: PartsPhone) -> None:
    first, second, _ = phone.presign().missing
    wrong = bytes(PART_BYTES)
    assert code_of(put_bytes(first, wrong)) == "BadDigest"
    # Neither another digest, nor none, nor another part's bytes: all of it is signed.
    own = {"x-amz-checksum-sha256": sha256_header(wrong)}
    assert code_of(put_bytes(first, wrong, **own)) == "SignatureDoesNotMatch"
    bare = replace(first, upload=replace(first.upload, headers={"Content-Length": str(PART_BYTES)}))
    assert put_bytes(bare, wrong).status_code == 403
    assert code_of(put(replace(first, part=second.part), CONTENT)) == "BadDigest"
    assert len(phone.presign().missing) == PARTS


def test_another_length_than_declared_is_refused_also_without_digests(phone: PartsPhone) -> None:
    last = replace(phone, with_digests=False).presign().missing[-1]
    assert put_bytes(last, bytes(5), **{"Content-Length": "5"}).status_code == 403


def test_a_part_sent_again_replaces_its_bytes_until_the_parts_are_joined(phone: PartsPhone) -> None:
    phone = replace(phone, with_digests=False)
    missing = send_all(phone)
    assert put_bytes(missing[0], bytes(PART_BYTES)).status_code == 200
    assert put(missing[0], CONTENT).status_code == 200
    media = commit(phone)
    for signed in missing:
        replayed = put_bytes(signed, bytes(signed.part.size_bytes))
        assert (replayed.status_code, code_of(replayed)) == (404, "NoSuchUpload")
    assert stored_bytes(phone) == CONTENT
    assert media_of(phone).etag == media.etag


def test_a_file_in_parts_cannot_be_put_in_one_piece(phone: PartsPhone) -> None:
    """Its URLs are for parts: taken out of their query, they are for nothing."""
    signed = phone.presign().missing[0]
    bare = httpx.URL(signed.upload.url).copy_remove_param("partNumber").copy_remove_param("uploadId")
    stripped = replace(signed, upload=replace(signed.upload, url=str(bare)))
    assert put(stripped, CONTENT).status_code == 403


def test_twelve_commits_and_the_notices_at_once_join_once_and_agree(
    phone: PartsPhone, bucket: LocalBucket, many: Crowd, owner: psycopg.Connection
) -> None:
    send_all(phone)
    finalize_session(phone.backend.db, phone.backend.queue, phone.user_id, phone.session_id, ai=True)
    bucket.notices()
    answers = many.all_at_once([lambda db: commit(phone, db)] * 12)
    assert {(media.status, media.etag) for media in answers} == {(UPLOADED, media_of(phone).etag)}
    for _ in range(2):
        for notice in (notice for body in bucket.notices() for notice in read_notices(body)):
            register_upload(phone.backend.db, phone.backend.queue, notice.object_key, notice.facts)
    assert phone.backend.queue.names() == ["transcribe"]
    assert count_of(owner, "session_blocks", phone.user_id) == 1
    assert stored_bytes(phone) == CONTENT


def test_the_notice_of_joined_parts_settles_the_file_by_itself(phone: PartsPhone, bucket: LocalBucket) -> None:
    """As when the process dies between the store's answer and our COMMIT."""
    send_all(phone)
    join_unheard(phone)
    bodies = [json.loads(body)["Records"][0] for body in bucket.notices() if "Records" in body]
    assert "ObjectCreated:CompleteMultipartUpload" in {record["eventName"] for record in bodies}
    for record in bodies:
        for notice in read_notices(json.dumps({"Records": [record]})):
            register_upload(phone.backend.db, phone.backend.queue, notice.object_key, notice.facts)
    assert media_of(phone).status is UPLOADED
    assert stored_bytes(phone) == CONTENT


def test_a_phone_asking_again_when_all_is_joined_and_unheard_has_nothing_to_send(phone: PartsPhone) -> None:
    send_all(phone)
    join_unheard(phone)
    again = phone.presign()
    assert (again.missing, len(again.stored)) == ((), PARTS)
    assert commit(phone).status is UPLOADED


def test_a_phone_that_died_before_its_commit_has_lost_nothing(
    phone: PartsPhone, system_db: Database, owner: psycopg.Connection
) -> None:
    missing = phone.presign().missing
    for signed in missing[:-1]:
        put(signed, CONTENT)
    pass_time(owner, timedelta(minutes=6))
    assert find_lost_uploads(system_db, phone.store, phone.backend.queue) == 0
    put(missing[-1], CONTENT)
    assert find_lost_uploads(system_db, phone.store, phone.backend.queue) == 1
    assert media_of(phone).status is UPLOADED
    assert stored_bytes(phone) == CONTENT


def test_of_eight_first_presigns_at_once_all_lead_into_one_upload(phone: PartsPhone, many: Crowd) -> None:
    phones = [lambda db: replace(phone, backend=replace(phone.backend, db=db)).presign()] * 8
    answers = many.all_at_once(phones)
    key = media_of(phone).object_key
    (kept,) = phone.store.list_unfinished(key, after=None).uploads
    assert kept.upload_id == upload_of(phone).upload_id
    for signed, answer in zip(answers[0].missing, answers[1:], strict=False):
        assert put(answer.missing[signed.part.number - 1], CONTENT).status_code == 200
    assert commit(phone).status is UPLOADED


def test_an_upload_the_store_forgot_is_begun_again(phone: PartsPhone) -> None:
    old = phone.presign().missing
    upload = upload_of(phone)
    for _ in range(2):
        phone.store.abandon_parts(upload.media.object_key, upload.upload_id or "")
    assert put(old[0], CONTENT).status_code == 404
    with pytest.raises(Conflict):
        commit(phone)
    assert len(send_all(phone)) == PARTS
    assert commit(phone).status is UPLOADED


def test_a_repeat_with_other_digests_is_another_file(phone: PartsPhone) -> None:
    phone.presign()
    assert len(replace(phone, with_digests=False).presign().missing) == PARTS  # left out is not another
    with pytest.raises(Invalid):
        replace(phone, content=CONTENT[:-1] + b"!").presign()


def test_the_whole_files_digest_is_told_by_a_download(phone: PartsPhone, tmp_path: Path) -> None:
    phone = replace(phone, whole_sha256=True)
    send_all(phone)
    media = commit(phone)
    with (tmp_path / "whole").open("wb") as file:
        received = phone.store.download(media.object_key, etag=media.etag, to=file, max_bytes=32 * MIB)
    assert received.sha256 == media.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_restart_of_the_bucket_keeps_what_was_joined_and_loses_only_loose_parts(
    backend: Backend, tmp_path: Path
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    with local_bucket(tmp_path) as first:
        store = store_at(first.edge_url)
        phones = [of_session(backend, store, user_id, session_id) for _ in range(2)]
        send_all(phones[0])
        media = commit(phones[0])
        put(phones[1].presign().missing[0], CONTENT)
    with local_bucket(tmp_path) as second:
        whole, loose = (replace(phone, store=store_at(second.edge_url)) for phone in phones)
        facts = whole.store.look(media.object_key)
        assert facts is not None
        assert facts.etag == media.etag
        assert stored_bytes(whole) == CONTENT
        assert len(send_all(loose)) == PARTS
        assert commit(loose).status is UPLOADED
