"""Everything a user has comes out, and comes back the same; nobody else's row does."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from shared.ai.embedders import Embedders
from shared.answers.keep_turn import keep_turn
from shared.answers.model import ConversationId, NewTurn
from shared.identity.edit_profile import edit_profile
from shared.identity.model import ProfileChange
from shared.identity.put_device import put_device
from shared.ids import SessionId, UserId
from shared.media.model import MediaType
from shared.search.semantic_search import semantic_search
from shared.sessions.add_blocks import add_blocks
from shared.sessions.create_session import create_session
from shared.sessions.model import BlockType, NewBlock, SessionType
from shared.takeout import catalog_repository
from shared.takeout.brought_rows import BROUGHT, SERVER_OWNED
from shared.takeout.model import TransferState
from shared.takeout.tables import EXPORTED, LEFT_OUT, OMITTED_COLUMNS
from tests.fixtures.captured import Backend, ledger_of
from tests.fixtures.enriching import Pipeline
from tests.fixtures.pictures import picture
from tests.fixtures.recordings import recording
from tests.fixtures.taking_out import Traveller, edited, files_of, rows_of, wipe

DIFFERS = {
    "sessions": {"user_id", "version"},
    "session_blocks": {"user_id", "version"},
    "media_files": {"user_id", "object_key", "etag"},
    "conversations": {"user_id"},
    "conversation_turns": {"user_id"},
    "turn_blocks": {"user_id"},
}
"""Of what is brought back, the columns that are not the same; docs/how-to/take-your-data-out.md names them."""

CHOSEN = ("preferred_language", "time_zone", "push_processed", "push_failed", "push_credits_low")


@pytest.fixture
def pipeline(backend: Backend) -> Pipeline:
    return Pipeline(backend=backend)


@pytest.fixture
def alice(pipeline: Pipeline) -> Traveller:
    """A processed session of each kind of block, one that is open, one without credits; a conversation; choices."""
    backend = pipeline.backend
    user_id = backend.user("alice")
    edit_profile(backend.db, user_id, ProfileChange(preferred_language="pt-BR", time_zone="America/Sao_Paulo"))
    put_device(backend.db, user_id, uuid4(), fcm_token="token-of-alice", platform="ios")
    session_id = processed(pipeline, user_id)
    opened = backend.session(user_id)
    backend.marker(user_id, opened, "Ainda não acabou: ção, 日本, \U0001f680.")
    backend.media(user_id, opened)  # never uploaded
    block = backend.read(user_id, session_id).blocks[0]
    with backend.db.transaction(user_id) as tx:
        turn = NewTurn(question="When do we launch?", answer="On Friday.", blocks=(block.id,))
        keep_turn(tx, user_id, ConversationId(uuid4()), turn)
    return Traveller(backend=backend, user_id=user_id)


def processed(pipeline: Pipeline, user_id: UserId) -> SessionId:
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, recording("ogg"), MediaType.AUDIO)
    pipeline.upload(user_id, session_id, picture(), MediaType.IMAGE)
    pipeline.backend.marker(user_id, session_id, "Remember <b>the milk</b>.")
    pipeline.finalize(user_id, session_id)
    pipeline.work_off()
    return session_id


def own_rows(content: bytes, table: str) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k not in DIFFERS[table]} for row in rows_of(content, table)]


def assert_same(before: bytes, after: bytes) -> None:
    """Every row that is brought back, every recording and every page, but for what is declared to differ."""
    pending = {row["id"] for row in rows_of(before, "media_files") if row["status"] == "pending"}
    for table in DIFFERS:
        expected = own_rows(before, table)
        for row in expected:
            if table == "media_files" and row["id"] in pending:
                row |= {"status": "rejected", "reason": "expired"}
        assert own_rows(after, table) == expected, table
        assert expected, f"nothing to compare in {table}"
    [was], [became] = rows_of(before, "users"), rows_of(after, "users")
    assert [was[name] for name in CHOSEN] == [became[name] for name in CHOSEN]
    old, new = files_of(before), files_of(after)
    for folder in ("media/", "notes/"):
        assert {p: c for p, c in old.items() if p.startswith(folder)} == {
            p: c for p, c in new.items() if p.startswith(folder)
        }


def found(pipeline: Pipeline, user_id: UserId) -> list[tuple[Any, ...]]:
    embedders = Embedders(pipeline.embedder, pipeline.previous)
    hits = semantic_search(
        pipeline.backend.db, embedders, user_id, query="Remember <b>the milk</b>.", limit=10, threshold=0
    )
    return [
        (hit.session_id, hit.block_id, hit.text, hit.start_ms, hit.end_ms, round(hit.similarity, 4)) for hit in hits
    ]


def everything_of(owner: psycopg.Connection, user_id: UserId) -> dict[str, list[Any]]:
    """Every row with the user's id, with the transaction that wrote it."""
    with owner.transaction():
        tables = [table for table in catalog_repository.tables(owner) if table.name not in {"transfers", "outbox"}]
    reading = sql.SQL("SELECT xmin::text, row_to_json(t)::text FROM {} t WHERE {} = %s ORDER BY 2")
    return {
        table.name: owner.execute(
            reading.format(sql.Identifier(table.name), sql.Identifier(table.owner)), [user_id]
        ).fetchall()
        for table in tables
    }


def test_what_was_exported_comes_back_the_same_into_another_account_and_is_found_again(
    pipeline: Pipeline, alice: Traveller, owner: psycopg.Connection
) -> None:
    bob = Traveller(backend=alice.backend, user_id=alice.backend.user("bob"))
    content = alice.export()
    heard, seen = pipeline.transcriber.calls, pipeline.describer.calls
    brought = bob.bring(content)
    assert (brought.state, brought.reason) == (TransferState.COMPLETED, None)
    assert brought.counts == {
        "sessions": 2,
        "sessions_conflicting": 0,
        "blocks": 4,
        "blocks_conflicting": 0,
        "files": 2,
        "files_without_content": 1,
        "files_conflicting": 0,
        "sessions_to_embed": 1,
        "conversations": 1,
        "turns": 1,
        "rows_left_out": brought.counts["rows_left_out"],
    }
    pipeline.work_off()
    assert_same(content, bob.export())
    assert found(pipeline, bob.user_id) == found(pipeline, alice.user_id) != []
    assert (pipeline.transcriber.calls, pipeline.describer.calls) == (heard, seen)
    assert ledger_of(owner, bob.user_id) == [(3, "trial")]
    assert {row["status"] for row in rows_of(bob.export(), "ai_jobs")} == {"completed"}
    told = owner.execute("SELECT count(*) FROM notifications WHERE user_id = %s", [bob.user_id]).fetchone()
    assert told == (0,)


def test_what_was_deleted_comes_back_and_a_second_import_changes_nothing(
    pipeline: Pipeline, alice: Traveller, owner: psycopg.Connection
) -> None:
    content = alice.export()
    hits = found(pipeline, alice.user_id)
    wipe(owner, alice.user_id)
    assert found(pipeline, alice.user_id) == []
    alice.bring(content)
    pipeline.work_off()
    assert_same(content, alice.export())
    assert found(pipeline, alice.user_id) == hits
    before = everything_of(owner, alice.user_id)
    again = alice.bring(content)
    assert again.counts["sessions_same"] == 2
    assert again.counts["turns"] == again.counts["conversations"] == 0
    assert set(alice.backend.queue.names()) == {"discard-objects"}
    pipeline.work_off()
    assert everything_of(owner, alice.user_id) == before
    assert not [key for key in alice.backend.store.objects if key.startswith("imports/")]


def test_what_is_there_stays_as_it_is_and_is_counted(alice: Traveller) -> None:
    content = alice.export()
    mine = rows_of(content, "sessions")[0]["id"]

    def rename(rows: list[dict[str, Any]]) -> None:
        rows[0]["title"] = "Somebody's own title"

    brought = alice.bring(edited(content, "sessions", rename))
    assert (brought.counts["sessions_conflicting"], brought.counts["sessions_same"]) == (1, 1)
    [kept] = [row for row in rows_of(alice.export(), "sessions") if row["id"] == mine]
    assert kept["title"] != "Somebody's own title"


def test_an_answer_out_of_a_note_that_was_edited_since_does_not_come_back(
    alice: Traveller, owner: psycopg.Connection
) -> None:
    content = alice.export()
    owner.execute("UPDATE session_blocks SET text_content = 'We launch on Monday.' WHERE block_type = 'voice'")
    assert rows_of(alice.export(), "conversation_turns") == []  # the edit has seen to it
    brought = alice.bring(content)
    assert (brought.counts["sessions_conflicting"], "turns" in brought.counts) == (1, False)
    assert rows_of(alice.export(), "conversation_turns") == []


def test_every_table_is_taken_out_or_left_for_a_reason(alice: Traveller, owner: psycopg.Connection) -> None:
    catalogued = {table.name: table for table in catalog_repository.tables(owner)}
    assert set(catalogued) == EXPORTED | set(LEFT_OUT), "decide about the table in shared/takeout/tables.py"
    assert not EXPORTED & set(LEFT_OUT)
    assert all(set(columns) <= set(catalogued[name].columns) for name, columns in OMITTED_COLUMNS.items())
    bob = alice.backend.user("bob")
    alice.backend.marker(bob, alice.backend.session(bob), "Nobody else's business.")
    content = alice.export()
    files = files_of(content)
    assert {path for path in files if path.startswith("tables/")} == {f"tables/{name}.jsonl" for name in EXPORTED}
    for name in EXPORTED:
        counting = sql.SQL("SELECT count(*) FROM {} WHERE {} = %s").format(
            sql.Identifier(name), sql.Identifier(catalogued[name].owner)
        )
        rows = rows_of(content, name)
        assert owner.execute(counting, [alice.user_id]).fetchone() == (len(rows),), name
        assert {row[catalogued[name].owner] for row in rows} <= {str(alice.user_id)}, name
        wanted = set(catalogued[name].columns) - set(OMITTED_COLUMNS.get(name, ()))
        assert all(set(row) == wanted for row in rows), name
    whole = b"".join(files.values())
    assert b"Nobody else" not in whole
    assert b"token-of-alice" not in whole
    assert str(bob).encode() not in whole


def test_the_statements_of_an_export_ask_for_one_user_whatever_the_role_may_see(
    alice: Traveller, owner: psycopg.Connection
) -> None:
    """A superuser is held back by no policy: what is left is the statement's own condition."""
    bob = alice.backend.user("bob")
    alice.backend.marker(bob, alice.backend.session(bob), "Of Bob.")
    with owner.transaction():
        for table in catalog_repository.tables(owner):
            with catalog_repository.rows_as_json(owner, bob, table) as rows:
                assert {json.loads(row)[table.owner] for row in rows} <= {str(bob)}, table.name
        with catalog_repository.note_rows(owner, bob) as notes:
            assert [note.text_content for note in notes] == ["Of Bob."]


def test_every_column_that_comes_back_is_decided_about(owner: psycopg.Connection) -> None:
    catalogued = {table.name: set(table.columns) for table in catalog_repository.tables(owner)}
    for name, model in BROUGHT.items():
        assert set(model.model_fields) | set(SERVER_OWNED[name]) == catalogued[name], name
        assert not set(model.model_fields) & set(SERVER_OWNED[name]), name


def test_the_manifest_names_every_file_and_what_is_not_there(alice: Traveller) -> None:
    lost = rows_of(alice.export(), "media_files")
    uploaded = next(row for row in lost if row["status"] == "uploaded")
    alice.backend.store.discard([uploaded["object_key"]])
    files = files_of(alice.export())
    manifest = json.loads(files["manifest.json"])
    assert [file["path"] for file in manifest["files"]] == [path for path in files if path != "manifest.json"]
    assert [path.rpartition("/")[2].partition(".")[0] for path in manifest["missing"]] == [uploaded["id"]]
    assert manifest["counts"]["sessions"] == 2
    assert (manifest["left_out"], manifest["omitted_columns"].keys()) == (LEFT_OUT, OMITTED_COLUMNS.keys())


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_whatever_a_phone_may_say_can_be_taken_out_and_brought_back(
    backend: Backend, owner: psycopg.Connection, zone: str
) -> None:
    """The ends of what the API takes: first and last days, titles and texts of the greatest length, odd numbers."""
    alice = Traveller(backend=backend, user_id=backend.user("alice"))
    metadata = {
        "large": 1e300,
        "small": 1e-300,
        "odd": 0.1 + 0.2,
        "deep": {"a": [{"b": None}]},
        "quote": '"\\\n\t',
        "é": "日",
    }
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"):
        session, _ = create_session(
            backend.db,
            alice.user_id,
            session_id=None,
            session_type=SessionType.MIXED,
            language="pt-BR",
            title="T" * 200,
            time_zone=zone,
        )
        new = NewBlock(
            id=None,
            block_type=BlockType.MARKER,
            text_content="\U0001f680\u2028x" * 30_000,
            media_id=None,
            metadata=metadata,
            captured_at=datetime.fromisoformat(moment),
        )
        add_blocks(backend.db, alice.user_id, session.id, [new])
    owner.execute("UPDATE sessions SET ai_summary = repeat('s', 20000), title = repeat('t', 400)")
    content = alice.export()
    bob = Traveller(backend=backend, user_id=backend.user("bob"))
    brought = bob.bring(content)
    assert (brought.state, brought.reason, brought.counts["blocks"]) == (TransferState.COMPLETED, None, 2)
    after = bob.export()
    for table in ("sessions", "session_blocks"):
        assert own_rows(after, table) == own_rows(content, table)
