"""A ZIP that somebody brings may be anything: what is not as it was exported is refused before a row is written."""

import json
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from zipfile import ZIP_BZIP2, ZipInfo

import psycopg
import pytest

from shared.ids import UserId
from shared.takeout.model import TransferState
from tests.fixtures.captured import FACTS, Backend, count_of
from tests.fixtures.taking_out import Files, Traveller, described, edited, files_of, rows_of, zipped

SESSIONS = "tables/sessions.jsonl"
BLOCKS = "tables/session_blocks.jsonl"

Change = Callable[[Files], bytes]


@pytest.fixture
def exported(backend: Backend) -> bytes:
    """A session with a recording, and one with a note."""
    alice = Traveller(backend=backend, user_id=backend.user("alice"))
    with_recording = backend.session(alice.user_id)
    media = backend.media(alice.user_id, with_recording)
    backend.store.put(media.object_key, b"x" * FACTS.size_bytes)
    with backend.db.transaction(alice.user_id) as tx:
        tx.execute(
            "UPDATE media_files SET status = 'uploaded', uploaded_at = now() WHERE user_id = %s", [alice.user_id]
        )
    backend.marker(alice.user_id, backend.session(alice.user_id), "A note.")
    return alice.export()


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """What somebody did to a ZIP, and how it is refused."""

    change: Change
    code: str = "import_invalid"
    says: str = ""


def lines(files: Files, path: str, change: Callable[[list[dict[str, Any]]], object]) -> Files:
    rows = [json.loads(line) for line in files[path].splitlines()]
    change(rows)
    return {**files, path: b"".join(json.dumps(row).encode() + b"\n" for row in rows)}


def fitting(files: Files, **manifest: Any) -> bytes:
    return zipped(described(files, **manifest))


def row(path: str, **changed: Any) -> Change:
    """The first row of a table says something else, and the manifest fits."""
    return lambda files: fitting(lines(files, path, lambda rows: rows[0].update(changed)))


def marked(path: str, mark: Callable[[ZipInfo], None]) -> Change:
    return lambda files: zipped(files, lambda info: mark(info) if info.filename == path else None)


def with_file(path: str, content: bytes = b"x") -> Change:
    return lambda files: fitting({**files, path: content})


def swapped(path: str, before: bytes, after: bytes) -> Change:
    """A file says something else at the same length, and the manifest is as it was."""
    return lambda files: zipped({**files, path: files[path].replace(before, after)})


def other_page(files: Files) -> bytes:
    path = next(path for path in files if path.startswith("notes/"))
    return zipped({**files, path: files[path][:-2] + b"x\n"})


def miscounted(files: Files) -> bytes:
    manifest = files["manifest.json"].replace(b'"rows":2', b'"rows":3')
    assert manifest != files["manifest.json"]
    return zipped({**files, "manifest.json": manifest})


def link(info: ZipInfo) -> None:
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


def bzip2(info: ZipInfo) -> None:
    info.compress_type = ZIP_BZIP2


def twice(files: Files) -> bytes:
    """The second of two files takes the first one's name, in both of the ZIP's directories."""
    return zipped({**files, "notes/a.md": b"x", "notes/b.md": b"x"}).replace(b"notes/b.md", b"notes/a.md")


def encrypted(files: Files) -> bytes:
    content = bytearray(zipped(files))
    at = content.index(b"PK\x01\x02") + 8  # flags of the first entry of the directory
    content[at] |= 1
    return bytes(content)


def bomb(files: Files) -> bytes:
    return fitting({**files, "notes/large.md": b"0" * (8 * 1024 * 1024)})


def endless_directory(files: Files) -> bytes:
    """It says that its directory has half a gigabyte, and lies."""
    content = bytearray(zipped(files) + b"\x00")
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = (512 * 1024 * 1024).to_bytes(4, "little")
    return bytes(content)


def corrupted(files: Files) -> bytes:
    content = bytearray(zipped(files))
    at = content.index(b"tables/sessions.jsonl") + len("tables/sessions.jsonl") + 4
    content[at] ^= 0xFF
    return bytes(content)


WRONG = {
    "no_zip": Wrong(change=lambda _: b"no zip at all"),
    "empty_zip": Wrong(change=lambda _: zipped({})),
    "cut": Wrong(change=lambda files: zipped(files)[:-40]),
    "cut_in_front": Wrong(change=lambda files: zipped(files)[500:]),
    "a_flipped_byte": Wrong(change=corrupted),
    "an_endless_directory": Wrong(change=endless_directory),
    "another_digest": Wrong(
        change=lambda files: zipped(lines(files, SESSIONS, lambda rows: rows[0].update(title="x")))
    ),
    "another_text_of_the_same_size": Wrong(change=swapped(BLOCKS, b"A note.", b"A nota."), says="its manifest"),
    "another_page_of_the_same_size": Wrong(change=other_page, says="its manifest"),
    "another_number_of_rows": Wrong(change=miscounted, says="number of rows"),
    "no_manifest": Wrong(change=lambda files: zipped({p: c for p, c in files.items() if p != "manifest.json"})),
    "a_manifest_of_words": Wrong(change=lambda files: zipped({**files, "manifest.json": b"hello"})),
    "another_format": Wrong(change=lambda files: fitting(files, format="something-else")),
    "a_newer_version": Wrong(change=lambda files: fitting(files, version=2), code="import_version_newer"),
    "a_file_too_few": Wrong(change=lambda files: zipped({p: c for p, c in files.items() if p != SESSIONS})),
    "a_file_too_many": Wrong(change=lambda files: zipped({**files, "notes/more.md": b"x"})),
    "a_path_upwards": Wrong(change=with_file("../evil.md")),
    "a_path_upwards_within": Wrong(change=with_file("notes/../../evil.md")),
    "an_absolute_path": Wrong(change=with_file("/etc/evil.md")),
    "a_drive": Wrong(change=with_file("C:\\evil.md")),
    "a_backslash": Wrong(change=with_file("notes\\evil.md")),
    "a_program": Wrong(change=with_file("notes/evil.exe")),
    "a_table_with_a_path": Wrong(change=with_file("tables/../sessions.jsonl")),
    "a_zip_in_the_zip": Wrong(change=with_file("media/inner.zip")),
    "a_link": Wrong(change=marked(SESSIONS, link)),
    "another_compression": Wrong(change=marked(SESSIONS, bzip2)),
    "a_name_twice": Wrong(change=twice, says="twice"),
    "encrypted": Wrong(change=encrypted, says="encrypted"),
    "a_bomb": Wrong(change=bomb),
    "rows_out_of_order": Wrong(change=lambda files: fitting(lines(files, SESSIONS, list.reverse))),
    "a_row_twice": Wrong(change=lambda files: fitting(lines(files, SESSIONS, lambda rows: rows.append(rows[-1])))),
    "two_users": Wrong(
        change=lambda files: fitting(lines(files, "tables/users.jsonl", lambda rows: rows.append(rows[0])))
    ),
    "a_line_of_words": Wrong(change=lambda files: fitting({**files, SESSIONS: b"hello\n"})),
    "a_cut_line": Wrong(change=lambda files: fitting({**files, SESSIONS: files[SESSIONS][:-20]})),
    "an_id_of_words": Wrong(change=row(SESSIONS, id="1")),
    "an_unknown_state": Wrong(change=row(SESSIONS, status="paid")),
    "an_unknown_zone": Wrong(change=row(SESSIONS, time_zone="Mars/Olympus")),
    "a_time_without_a_zone": Wrong(change=row(SESSIONS, created_at="2026-01-01T00:00:00")),
    "a_time_after_all_years": Wrong(change=row(SESSIONS, created_at="9999-12-31T23:59:59-14:00")),
    "a_time_before_all_years": Wrong(change=row(BLOCKS, captured_at="0001-01-01T00:00:00+14:00")),
    "a_time_without_end": Wrong(change=row(SESSIONS, created_at="infinity")),
    "a_number_as_title": Wrong(change=row(SESSIONS, title=5)),
    "nul_in_a_text": Wrong(change=row(BLOCKS, text_content="a\x00b")),
    "nul_in_metadata": Wrong(change=row(BLOCKS, metadata={"a": "\x00"})),
    "a_surrogate": Wrong(
        change=lambda files: fitting({**files, BLOCKS: files[BLOCKS].replace(b"A note.", b"\\ud800")})
    ),
    "metadata_beyond_all_numbers": Wrong(change=row(BLOCKS, metadata={"a": float("inf")})),
    "long_metadata": Wrong(change=row(BLOCKS, metadata={"a": "x" * 2_000})),
    "deep_metadata": Wrong(
        change=lambda files: fitting(
            {
                **files,
                BLOCKS: files[BLOCKS].replace(
                    b'"metadata":{}', b'"metadata":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000
                ),
            }
        )
    ),
    "segments_of_words": Wrong(change=row(BLOCKS, segments=["hello"])),
    "a_type_we_do_not_take": Wrong(change=row("tables/media_files.jsonl", content_type="audio/x-evil")),
    "a_negative_size": Wrong(change=row("tables/media_files.jsonl", size_bytes=-1)),
}


def bring(backend: Backend, content: bytes) -> tuple[UserId, Any]:
    bob = Traveller(backend=backend, user_id=backend.user("bob"))
    return bob.user_id, bob.bring(content)


def test_what_is_not_as_it_was_exported_is_refused_and_leaves_no_trace(
    backend: Backend, exported: bytes, owner: psycopg.Connection
) -> None:
    objects = set(backend.store.objects)
    for name, wrong in WRONG.items():
        user_id, brought = bring(backend, wrong.change(files_of(exported)))
        code, _, told = (brought.reason or "").partition(": ")
        assert (name, brought.state, code) == (name, TransferState.FAILED, wrong.code)
        assert told.endswith("."), name
        assert wrong.says in told, name
        assert "note" not in told, name
        for table in ("sessions", "session_blocks", "media_files", "conversations", "ai_jobs"):
            assert count_of(owner, table, user_id) == 0, name
        discarded = {key for message in backend.queue.sent_to("discard-objects") for key in message.body["object_keys"]}
        assert set(backend.store.objects) - objects <= discarded, name
    assert len(WRONG) > 40


def test_the_same_zip_packed_by_somebody_else_is_taken(
    backend: Backend, exported: bytes, owner: psycopg.Connection
) -> None:
    user_id, brought = bring(backend, zipped(files_of(exported)))
    assert brought.state is TransferState.COMPLETED
    assert (count_of(owner, "sessions", user_id), count_of(owner, "media_files", user_id)) == (2, 1)


def test_what_a_row_says_of_its_owner_its_key_or_its_credits_counts_for_nothing(
    backend: Backend, exported: bytes, owner: psycopg.Connection
) -> None:
    carol = backend.user("carol")
    backend.marker(carol, backend.session(carol), "Of Carol.")
    [theirs] = rows_of(Traveller(backend=backend, user_id=carol).export(), "sessions")
    forged = exported
    for table in ("sessions", "session_blocks", "media_files", "users"):
        for column, value in {
            "user_id": str(carol),
            "object_key": f"sessions/{theirs['id']}/audio/{uuid4()}.wav",
            "credits": 1_000_000,
            "version": 99,
            "etag": "forged",
        }.items():
            forged = edited(forged, table, lambda rows, c=column, v=value: [r.update({c: v}) for r in rows])
    forged = edited(forged, "credit_ledger", lambda rows: rows[0].update(delta=1_000_000))
    user_id, brought = bring(backend, forged)
    assert brought.state is TransferState.COMPLETED
    assert count_of(owner, "sessions", user_id) == 2
    assert (count_of(owner, "sessions", carol), count_of(owner, "session_blocks", carol)) == (1, 1)
    assert owner.execute("SELECT credits FROM users WHERE id = %s", [user_id]).fetchone() == (3,)
    [(key, etag)] = owner.execute("SELECT object_key, etag FROM media_files WHERE user_id = %s", [user_id]).fetchall()
    assert theirs["id"] not in key
    assert etag == backend.store.objects[key].etag
    assert owner.execute("SELECT max(version) FROM sessions WHERE user_id = %s", [user_id]).fetchone() == (1,)


def test_ids_that_another_user_holds_as_well_are_nobodys_business(
    backend: Backend, exported: bytes, owner: psycopg.Connection
) -> None:
    """Alice still has all of it, under the same ids."""
    alice = backend.user("alice")
    before = owner.execute("SELECT xmin::text, id FROM sessions WHERE user_id = %s ORDER BY id", [alice]).fetchall()
    _, brought = bring(backend, exported)
    assert (brought.counts["sessions"], brought.counts["sessions_conflicting"]) == (2, 0)
    after = owner.execute("SELECT xmin::text, id FROM sessions WHERE user_id = %s ORDER BY id", [alice]).fetchall()
    assert after == before


def test_a_block_whose_id_or_file_stands_for_something_else_is_counted_and_left(
    backend: Backend, exported: bytes, owner: psycopg.Connection
) -> None:
    bob = backend.user("bob")
    other = backend.session(bob)
    [note] = rows_of(exported, "session_blocks")
    [file] = rows_of(exported, "media_files")
    owner.execute(
        "INSERT INTO session_blocks (user_id, id, session_id, block_type) VALUES (%s, %s, %s, 'marker')",
        [bob, note["id"], other],
    )
    owner.execute(
        "INSERT INTO media_files (user_id, id, session_id, type, object_key, content_type, size_bytes)"
        " VALUES (%s, %s, %s, 'audio', 'taken', 'audio/wav', 9)",
        [bob, file["id"], other],
    )
    _, brought = bring(backend, exported)
    assert (brought.counts["blocks_conflicting"], brought.counts["files_conflicting"]) == (1, 1)
    assert (brought.counts["sessions"], brought.counts["blocks"], brought.counts["files"]) == (2, 0, 0)


def test_a_block_that_names_a_file_of_another_session_is_left(backend: Backend, exported: bytes) -> None:
    [file] = rows_of(exported, "media_files")
    forged = edited(exported, "session_blocks", lambda rows: rows[0].update(media_id=file["id"]))
    assert rows_of(forged, "session_blocks")[0]["session_id"] != file["session_id"]
    _, brought = bring(backend, forged)
    assert (brought.state, brought.counts["blocks"], brought.counts["blocks_conflicting"]) == (
        TransferState.COMPLETED,
        0,
        1,
    )
