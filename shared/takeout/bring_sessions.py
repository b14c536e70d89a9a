"""Brings sessions back with their blocks and files, a portion at a time; each session whole, or not at all."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, Any, cast
from uuid import UUID

from shared.db.connection import Database, Transaction
from shared.errors import OutcomeUnknown, VendorDown
from shared.ids import MediaId, SessionId, UserId, new_id
from shared.jobs.adopt_jobs import AdoptedSession, adopt_jobs
from shared.media.model import EXPIRED, MediaType, extension_of, object_key
from shared.outbox.model import Announcement
from shared.outbox.publish_announced import publish_announced
from shared.outbox.queue import Queue
from shared.outbox.take_back import take_back
from shared.sessions.announce_discard import announce_discard
from shared.sessions.foresee_discard import foresee_discard
from shared.sessions.model import READER
from shared.takeout import import_repository
from shared.takeout.archive_reader import Archive
from shared.takeout.archive_store import ArchiveStore
from shared.takeout.brought_rows import BlockRow, MediaRow, SessionRow
from shared.takeout.captured_again import Captured, captured_in
from shared.takeout.holding import Holding, TransferLost
from shared.takeout.notes import media_path
from shared.takeout.object_writer import ObjectWriter
from shared.values import frozen

AT_ONCE = 50
"""So many sessions are made findable at once; the others follow, so that other people's new notes need not wait."""

ONE_EACH = timedelta(milliseconds=200)


@frozen
class StoredFile:
    """A file of the ZIP that is in the bucket again."""

    object_key: str
    etag: str
    size_bytes: int
    sha256: str


@frozen
class _Files:
    """Files of a portion that are to be in the bucket again: each by its id, with the key that was named for it.

    `foreseen` is what discards them, unless rows come to name them.
    """

    keys: dict[UUID, tuple[MediaRow, str]]
    foreseen: Sequence[Announcement]


@dataclass(kw_only=True)
class Bringing:
    """One import's sessions. A process that dies leaves whole sessions, and objects that go an hour later.

    `outdated` are blocks the ZIP knows with another text than they have, or that are gone.
    """

    db: Database
    store: ArchiveStore
    queue: Queue
    holding: Holding
    archive: Archive
    outdated: set[UUID] = field(default_factory=set[UUID])

    @property
    def user_id(self) -> UserId:
        """Whose import it is."""
        return self.holding.transfer.user_id


def bring_sessions(bringing: Bringing) -> None:
    """All of them. A session whose id its user holds is left as it is, and counted: the same, or another.

    Raises VendorDown, and what a transaction raises.
    """
    archive = bringing.archive
    portions = captured_in(
        archive.rows("sessions", SessionRow),
        archive.rows("media_files", MediaRow),
        archive.rows("session_blocks", BlockRow),
    )
    for portion in portions:
        _bring(bringing, portion)
        bringing.holding.beat()


def _bring(bringing: Bringing, portion: Sequence[Captured]) -> None:
    """Files first, which takes no transaction, under keys that were named before; then every row in one."""
    with bringing.db.transaction(bringing.user_id) as tx:
        prints = import_repository.session_prints(tx, bringing.user_id, [one.session.id for one in portion])
        media_ids = [file.id for one in portion for file in one.media]
        held = import_repository.taken_media(tx, bringing.user_id, media_ids)
        new = [one for one in portion if one.session.id not in prints]
        files = _named(tx, bringing, [file for one in new for file in one.media if file.id not in held])
    for one in portion:
        if one.session.id in prints:
            _compare(bringing, one, prints[one.session.id])
    if not new:
        return
    stored: dict[UUID, StoredFile] = {}
    try:
        for file_id, (file, key) in files.keys.items():
            stored[file_id] = _store(bringing, file, key)
            bringing.holding.beat()
        with bringing.db.transaction(bringing.user_id) as tx:
            announced = _write(tx, bringing, new, stored, files.foreseen)
    except OutcomeUnknown:
        raise  # they may be somebody's by now
    except BaseException:
        begun = list(files.keys.values())[: len(stored) + 1]
        with suppress(VendorDown):  # what stays is discarded an hour later, as it was foreseen
            bringing.store.discard([key for _, key in begun])
        raise
    publish_announced(bringing.db, bringing.queue, announced)


def _named(tx: Transaction, bringing: Bringing, files: Sequence[MediaRow]) -> _Files:
    """Those whose content the ZIP has, each under a key nobody has used."""
    keys = {
        file.id: (file, _key(file))
        for file in files
        if file.status == "uploaded" and _path(file) in bringing.archive.files
    }
    foreseen = foresee_discard(tx, bringing.user_id, [key for _, key in keys.values()])
    return _Files(keys=keys, foreseen=foreseen)


def _path(file: MediaRow) -> str:
    return media_path(file.session_id, file.id, file.type, file.content_type)


def _key(file: MediaRow) -> str:
    media_type = MediaType(file.type)
    return object_key(SessionId(file.session_id), media_type, new_id(), extension_of(media_type, file.content_type))


def _compare(bringing: Bringing, one: Captured, held: tuple[object, ...]) -> None:
    """What is there stays; blocks whose text is another now are remembered, for what was said of them is outdated."""
    if one.print == held:
        bringing.holding.add("sessions_same")
        return
    bringing.holding.add("sessions_conflicting")
    bringing.outdated.update(one.blocks_besides(held))


def _store(bringing: Bringing, file: MediaRow, key: str) -> StoredFile:
    """No file's row names the key yet, so that the bucket's notice of it has no effect."""
    writer = ObjectWriter(bringing.store, key, content_type=file.content_type)
    try:
        bringing.archive.unpack(_path(file), cast("IO[bytes]", writer))
        written, facts = writer.finish()
    except BaseException:
        with suppress(VendorDown):
            writer.abandon()
        raise
    return StoredFile(object_key=key, etag=facts.etag, size_bytes=written.size_bytes, sha256=written.sha256)


def _write(
    tx: Transaction,
    bringing: Bringing,
    portion: Sequence[Captured],
    stored: dict[UUID, StoredFile],
    foreseen: Sequence[Announcement],
) -> list[Announcement]:
    user_id, counts = bringing.user_id, bringing.holding.counts
    bringing.holding.fence(tx)
    if not take_back(tx, foreseen):
        raise TransferLost("The files were discarded before their rows were written; they are to be brought again.")
    sessions = import_repository.insert_sessions(tx, user_id, [_session(one.session) for one in portion])
    free = [one for one in portion if one.session.id in sessions]
    media = import_repository.insert_media(
        tx, user_id, [_media(file, stored.get(file.id)) for one in free for file in one.media]
    )
    blocks = import_repository.insert_blocks(
        tx, user_id, [block.model_dump(mode="json", exclude_unset=True) for one in free for block in one.blocks]
    )
    wanted_blocks, wanted_media = sum(len(one.blocks) for one in free), sum(len(one.media) for one in free)
    for name, number in {
        "sessions": len(sessions),
        "sessions_conflicting": len(portion) - len(free),
        "blocks": len(blocks),
        "blocks_conflicting": wanted_blocks - len(blocks),
        "files": len(media & stored.keys()),
        "files_without_content": len(media - stored.keys()),
        "files_conflicting": wanted_media - len(media),
    }.items():
        counts[name] = counts.get(name, 0) + number
    useless = [file.object_key for media_id, file in stored.items() if media_id not in media]
    adopted = adopt_jobs(tx, user_id, _adopted(bringing, free, media & stored.keys()))
    return [*adopted, *announce_discard(tx, user_id, useless)]


def _adopted(bringing: Bringing, portion: Sequence[Captured], media: set[UUID]) -> list[AdoptedSession]:
    """Jobs of what was processed: nothing is read again, and what has text is embedded."""
    adopted: list[AdoptedSession] = []
    for one in portion:
        read = [(READER[MediaType(file.type)], MediaId(file.id)) for file in one.media if file.id in media]
        if one.session.status != "processed" or not (read or one.is_findable):
            continue
        adopted.append(
            AdoptedSession(
                session_id=SessionId(one.session.id),
                read=read,
                embed_in=_pause(bringing) if one.is_findable else None,
            )
        )
    return adopted


def _pause(bringing: Bringing) -> timedelta:
    counts = bringing.holding.counts
    counts["sessions_to_embed"] = counts.get("sessions_to_embed", 0) + 1
    return max(0, counts["sessions_to_embed"] - AT_ONCE) * ONE_EACH


def _session(row: SessionRow) -> dict[str, Any]:
    return {**row.model_dump(mode="json"), "status": row.settled_status}


def _media(row: MediaRow, stored: StoredFile | None) -> dict[str, Any]:
    """Without its content, a file is as one that never came: its phone may still bring it."""
    told = row.model_dump(mode="json")
    if stored is not None:
        digest = stored.sha256 if row.sha256 is not None else None
        facts = {"object_key": stored.object_key, "etag": stored.etag, "size_bytes": stored.size_bytes}
        return {**told, **facts, "sha256": digest}
    key = _key(row)
    if row.status == "rejected":
        return {**told, "object_key": key, "etag": None}
    return {**told, "object_key": key, "etag": None, "status": "rejected", "reason": EXPIRED, "uploaded_at": None}
