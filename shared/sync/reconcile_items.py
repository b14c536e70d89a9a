"""Says of each thing a phone holds what we have of it."""

from collections.abc import Sequence

from shared.db.connection import Database
from shared.ids import BlockId, MediaId, SessionId, UserId
from shared.jobs.reading import media_read
from shared.media.media_by_ids import media_by_ids
from shared.sessions.sessions_by_ids import sessions_by_ids
from shared.sessions.sessions_of_blocks import sessions_of_blocks
from shared.sync.holding import HeldItem, Verdict, of_media, of_session
from shared.sync.model import ThingKind


def reconcile_items(db: Database, user_id: UserId, items: Sequence[HeldItem]) -> list[Verdict]:
    """One verdict for each item, in their order, all of one moment; four statements, however many there are."""
    with db.transaction(user_id, is_snapshot=True) as tx:
        media = media_by_ids(tx, user_id, [MediaId(item.id) for item in items if item.kind is ThingKind.MEDIA])
        of_blocks = sessions_of_blocks(
            tx, user_id, [BlockId(item.id) for item in items if item.kind is ThingKind.BLOCK]
        )
        asked = {SessionId(item.id) for item in items if item.kind is ThingKind.SESSION}
        of_media_files = {file.session_id for file in media.values()}
        sessions = sessions_by_ids(tx, user_id, list(asked | of_media_files | set(of_blocks.values())))
        read = media_read(tx, user_id, list(of_media_files))

    def verdict(item: HeldItem) -> Verdict:
        match item.kind:
            case ThingKind.SESSION:
                return of_session(sessions.get(SessionId(item.id)))
            case ThingKind.BLOCK:
                session_id = of_blocks.get(BlockId(item.id))
                return of_session(None if session_id is None else sessions.get(session_id))
            case ThingKind.MEDIA:
                file = media.get(MediaId(item.id))
                session = None if file is None else sessions.get(file.session_id)
                return of_media(item, file, session, is_read=file is not None and file.id in read)

    return [verdict(item) for item in items]
