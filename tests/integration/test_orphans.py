"""What is nobody's leaves the bucket, and what is somebody's never does."""

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.db.connection import Database
from shared.errors import Conflict
from shared.ids import SessionId, UserId, new_id
from shared.media.model import MediaFile, MediaType, ObjectFacts
from shared.media.parts import PART_BYTES
from shared.media.remove_orphans import PREFIXES, REST_OF_DOUBTED, remove_orphans
from shared.sessions.commit_upload import commit_upload
from shared.sessions.declare_upload import DeclaredFile, declare_upload
from shared.sessions.delete_session import delete_session
from shared.sessions.register_upload import register_upload
from tests.fakes.memory_store import MemoryStore
from tests.fixtures.captured import CONTENT, SIZE, Backend
from tests.fixtures.sweeping import chores, pass_time

TWO_WEEKS, TWO_DAYS = timedelta(days=14), timedelta(hours=48)


def age(store: MemoryStore, by: timedelta) -> None:
    store.objects = {key: replace(found, age=found.age + by) for key, found in store.objects.items()}
    store.under_way = {key: replace(found, age=found.age + by) for key, found in store.under_way.items()}


def whole_round(system_db: Database, store: MemoryStore, owner: psycopg.Connection) -> int:
    """Every page of every prefix once."""
    owner.execute("UPDATE bucket_rounds SET due_at = now()")
    removed = 0
    for _ in range(200):
        removed += remove_orphans(system_db, store)
        if owner.execute("SELECT 1 FROM bucket_rounds WHERE due_at <= now()").fetchone() is None:
            return removed
    raise AssertionError("the round has no end")


@pytest.mark.parametrize("key", ["sessions/s/audio/nobody.wav", "parts/s/m/0-nobody.flac"])
def test_an_object_no_row_names_goes_after_two_weeks(
    backend: Backend, system_db: Database, owner: psycopg.Connection, key: str
) -> None:
    backend.store.put(key, b"left")
    backend.store.put("other/not-ours", b"left")
    age(backend.store, TWO_WEEKS - timedelta(minutes=5))
    assert whole_round(system_db, backend.store, owner) == 0
    age(backend.store, timedelta(minutes=10))
    assert whole_round(system_db, backend.store, owner) == 1
    assert set(backend.store.objects) == {"other/not-ours"}


def test_an_object_a_row_names_stays_whatever_its_state(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    files = [backend.media(user_id, session_id) for _ in range(4)]
    for media in files:
        backend.store.put(media.object_key, CONTENT)
    owner.execute("UPDATE media_files SET status = 'uploaded' WHERE id = %s", [files[1].id])
    for media, reason in zip(files[2:], ("expired", "block_deleted"), strict=True):
        owner.execute("UPDATE media_files SET status = 'rejected', reason = %s WHERE id = %s", [reason, media.id])
    owner.execute(
        """
        INSERT INTO media_parts (user_id, media_id, part_index, session_id, start_ms, end_ms, object_key, stretches)
        VALUES (%s, %s, 0, %s, 0, 1, 'parts/s/m/0.flac', '[]')
        """,
        [user_id, files[1].id, session_id],
    )
    backend.store.put("parts/s/m/0.flac", b"part")
    age(backend.store, timedelta(days=400))
    assert whole_round(system_db, backend.store, owner) == 0
    assert len(backend.store.objects) == 5


def test_a_put_after_the_session_was_deleted_ends_as_a_removed_orphan(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))
    delete_session(backend.db, backend.queue, user_id, media.session_id)
    register_upload(backend.db, backend.queue, media.object_key, backend.store.put(media.object_key, CONTENT))
    age(backend.store, TWO_WEEKS + timedelta(minutes=1))
    assert whole_round(system_db, backend.store, owner) == 1
    assert backend.store.objects == {}


def test_a_page_a_sweep_and_on_from_there(backend: Backend, system_db: Database, owner: psycopg.Connection) -> None:
    for number in range(10):
        backend.store.put(f"sessions/{number}", b"left")
    age(backend.store, timedelta(days=15))
    backend.store.page_size = 4
    owner.execute("UPDATE bucket_rounds SET due_at = now() + interval '1 day' WHERE name <> 'objects'")
    assert [remove_orphans(system_db, backend.store) for _ in range(5)] == [4, 4, 2, 0, 0]
    rests = owner.execute("SELECT after, due_at > now() FROM bucket_rounds WHERE name = 'objects'").fetchone()
    assert rests == (None, True)


def test_a_store_that_is_down_leaves_the_round_where_it_is(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    backend.store.is_down = True
    before = owner.execute("SELECT * FROM bucket_rounds ORDER BY name").fetchall()
    with pytest.raises(Exception, match="down"):
        remove_orphans(system_db, backend.store)
    assert owner.execute("SELECT * FROM bucket_rounds ORDER BY name").fetchall() == before


def in_parts(backend: Backend, user_id: UserId, session_id: SessionId) -> MediaFile:
    file = DeclaredFile(media_type=MediaType.AUDIO, content_type="audio/wav", size_bytes=3 * PART_BYTES)
    return declare_upload(backend.db, backend.store, user_id, session_id, file)[0]


def test_uploads_in_parts_are_aborted_when_no_pending_file_arrives_by_them(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    kept, deleted = (in_parts(backend, user_id, backend.session(user_id)) for _ in range(2))
    delete_session(backend.db, backend.queue, user_id, deleted.session_id)
    backend.store.begin_parts(kept, with_digests=False)  # a second one, of a presign that died before its row
    assert whole_round(system_db, backend.store, owner) == 0
    age(backend.store, TWO_DAYS + timedelta(minutes=1))
    assert whole_round(system_db, backend.store, owner) == 2
    assert [key for key, _ in backend.store.under_way] == [kept.object_key]


DEEDS = ("declare", "put", "commit", "notice", "delete", "late_put", "sweep", "days")


@dataclass(kw_only=True)
class Life:
    """A user's sessions of one file each, and a bucket: what was done, and what must be there."""

    backend: Backend
    system_db: Database
    owner: psycopg.Connection
    user_id: UserId
    alive: list[MediaFile] = field(default_factory=list[MediaFile])
    gone: list[MediaFile] = field(default_factory=list[MediaFile])
    put_keys: set[str] = field(default_factory=set[str])

    @property
    def store(self) -> MemoryStore:
        return self.backend.store

    def declare(self, _which: int) -> None:
        self.alive.append(self.backend.media(self.user_id, self.backend.session(self.user_id)))

    def put(self, which: int) -> None:
        for media in self._one_of(self.alive, which):
            if media.object_key not in self.put_keys:  # the store refuses a second writer
                self.store.put(media.object_key, CONTENT)
                self.put_keys.add(media.object_key)

    def commit(self, which: int) -> None:
        for media in self._one_of(self._arrived(), which):
            commit_upload(self.backend.db, self.store, self.backend.queue, self.user_id, media.id)

    def notice(self, which: int) -> None:
        for media in self._one_of(self._arrived(), which):
            facts = ObjectFacts(size_bytes=SIZE, etag=self.store.objects[media.object_key].etag)
            register_upload(self.backend.db, self.backend.queue, media.object_key, facts)

    def delete(self, which: int) -> None:
        for media in self._one_of(self.alive, which):
            self.alive.remove(media)
            self.gone.append(media)
            delete_session(self.backend.db, self.backend.queue, self.user_id, media.session_id)

    def late_put(self, which: int) -> None:
        for media in self._one_of(self.gone, which):
            self.store.put(media.object_key, CONTENT)

    def sweep(self, _which: int) -> None:
        for chore in chores(self.system_db, self.store, self.backend.queue).values():
            chore()

    def days(self, _which: int) -> None:
        age(self.store, timedelta(days=15))
        pass_time(self.owner, timedelta(days=15))

    def owned_keys(self) -> set[str]:
        """What must be in the bucket."""
        return {media.object_key for media in self._arrived()}

    def _arrived(self) -> list[MediaFile]:
        return [media for media in self.alive if media.object_key in self.put_keys]

    @staticmethod
    def _one_of(files: list[MediaFile], which: int) -> list[MediaFile]:
        return [files[which % len(files)]] if files else []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 7)), max_size=30))
def test_whatever_happens_the_bytes_of_a_kept_session_stay_and_others_go(
    backend: Backend, system_db: Database, owner: psycopg.Connection, deeds: list[tuple[str, int]]
) -> None:
    fresh = Backend(db=backend.db)
    life = Life(backend=fresh, system_db=system_db, owner=owner, user_id=fresh.user(str(new_id())))
    for deed, which in deeds:
        getattr(life, deed)(which)
        assert life.owned_keys() <= set(life.store.objects)
    age(life.store, timedelta(days=15))
    whole_round(system_db, life.store, owner)
    assert life.owned_keys() == set(life.store.objects)


@pytest.mark.parametrize("known", [1, 0], ids=["known", "unknown"])
def test_copies_are_removed_where_the_recordings_beside_them_are_known_and_a_doubt_keeps_nobody_else_waiting(
    backend: Backend, system_db: Database, owner: psycopg.Connection, known: int
) -> None:
    """Of hardly any parts most are often orphans; a database that knows no recording is another bucket's."""
    user_id = backend.user()
    for number in range(20):
        backend.store.put(f"parts/s/m/{number}.flac", b"left")
    for _ in range(known):
        backend.store.put(backend.media(user_id, backend.session(user_id)).object_key, CONTENT)
    backend.store.put("exports/nobodys.zip", b"left")
    age(backend.store, timedelta(days=15))
    owner.execute("UPDATE bucket_rounds SET due_at = now()")
    outcomes: list[object] = []
    for _ in PREFIXES:
        try:
            outcomes.append(remove_orphans(system_db, backend.store))
        except Conflict as doubted:
            outcomes.append(doubted.exact_code)
    assert sorted(map(str, outcomes)) == sorted(["0"] * 4 + ["1", "20" if known else "orphans_doubted"])
    assert sum(key.startswith("parts/") for key in backend.store.objects) == (0 if known else 20)
    assert remove_orphans(system_db, backend.store) == 0  # all rest
    pass_time(owner, REST_OF_DOUBTED)
    with nullcontext() if known else pytest.raises(Conflict):
        remove_orphans(system_db, backend.store)


@pytest.mark.parametrize("owned", [0, 19])
def test_where_most_would_have_to_go_nothing_goes_and_the_sweep_says_so(
    backend: Backend, system_db: Database, owner: psycopg.Connection, owned: int
) -> None:
    """As with a database that was restored to before these objects, or is another's."""
    user_id = backend.user()
    session_id = backend.session(user_id)
    for number in range(20):
        backend.store.put(f"sessions/s/audio/{number}.wav", b"left")
    for _ in range(owned):
        backend.store.put(backend.media(user_id, session_id).object_key, CONTENT)
    age(backend.store, timedelta(days=15))
    with pytest.raises(Conflict) as doubted:
        whole_round(system_db, backend.store, owner)
    assert remove_orphans(system_db, backend.store) == 0  # it is others' turn
    assert doubted.value.exact_code == "orphans_doubted"
    assert len(backend.store.objects) == 20 + owned
    for _ in range(20 - owned):
        backend.store.put(backend.media(user_id, session_id).object_key, CONTENT)
    age(backend.store, timedelta(days=15))
    assert whole_round(system_db, backend.store, owner) == 20
    assert len(backend.store.objects) == 20
