"""A session as a page somebody can read in twenty years, with nothing but a text editor. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from shared.media.model import EXTENSIONS, MediaType
from shared.takeout.markdown_text import as_file_name, as_line, as_paragraphs
from shared.values import frozen
from shared.when.zones import zone_or_utc

_HEADINGS = {"voice": "Recording", "image": "Picture", "marker": "Note"}
_HOUR_MS, _MINUTE_MS, _SECOND_MS = 3_600_000, 60_000, 1_000


@frozen
class NoteRow:
    """A session, and one of its blocks with its file; None where there is none."""

    session_id: UUID
    session_type: str
    status: str
    time_zone: str
    title: str | None
    ai_summary: str | None
    created_at: datetime
    block_type: str | None
    text_content: str | None
    segments: Sequence[Mapping[str, Any]] | None
    captured_at: datetime | None
    media_id: UUID | None
    media_type: str | None
    content_type: str | None


@frozen
class Note:
    """A page, and where it lies."""

    path: str
    text: str


def notes_of(rows: Iterable[NoteRow]) -> Iterator[Note]:
    """A page for each session; `rows` lie together by session."""
    for _, of_session in groupby(rows, key=lambda row: row.session_id):
        blocks = list(of_session)
        yield Note(path=_path(blocks[0]), text=_page(blocks))


def media_path(session_id: UUID, media_id: UUID, media_type: str, content_type: str) -> str:
    """Where a file lies in the ZIP."""
    extension = EXTENSIONS[MediaType(media_type)].get(content_type, "bin")
    return f"media/{session_id}/{media_id}.{extension}"


def _path(session: NoteRow) -> str:
    day = _there(session.created_at, session.time_zone).date().isoformat()
    named = [day, as_file_name(session.title or ""), str(session.session_id)]
    return f"notes/{'-'.join(part for part in named if part)}.md"


def _page(rows: Sequence[NoteRow]) -> str:
    session = rows[0]
    began = _local(session.created_at, session.time_zone)
    parts = [
        f"# {as_line(session.title or '') or began}",
        "\n".join(
            (
                f"- Captured: {began} ({as_line(session.time_zone)})",
                f"- Kind: {session.session_type}",
                f"- State: {session.status}",
                f"- Session: {session.session_id}",
            )
        ),
    ]
    if session.ai_summary:
        parts += ["## Summary", as_paragraphs(session.ai_summary)]
    parts += [part for row in rows if row.block_type is not None for part in _block(row)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(row: NoteRow) -> Iterator[str]:
    at = "" if row.captured_at is None else f", {_local(row.captured_at, row.time_zone)}"
    yield f"## {_HEADINGS.get(row.block_type or '', 'Note')}{at}"
    if row.media_id is not None and row.media_type is not None and row.content_type is not None:
        path = media_path(row.session_id, row.media_id, row.media_type, row.content_type)
        yield f"[{path.rpartition('/')[2]}](../{path})"
    if _is_told_by(row.segments, row.text_content):
        yield "\n".join(f"{_stamp(segment)} {as_line(str(segment['text']))}\\" for segment in row.segments or ())[:-1]
    elif row.text_content:
        yield as_paragraphs(row.text_content)


def _is_told_by(segments: Sequence[Mapping[str, Any]] | None, text: str | None) -> bool:
    """A transcript that its user has edited is shown as they left it, without the times of the words before."""
    told = "".join(str(segment["text"]) for segment in segments or ())
    return bool(told.split()) and "".join(told.split()) == "".join((text or "").split())


def _stamp(segment: Mapping[str, Any]) -> str:
    at_ms = int(segment["start_ms"])
    hours, minutes, seconds = at_ms // _HOUR_MS, at_ms % _HOUR_MS // _MINUTE_MS, at_ms % _MINUTE_MS // _SECOND_MS
    return rf"\[{hours}:{minutes:02}:{seconds:02}\]" if hours else rf"\[{minutes:02}:{seconds:02}\]"


def _local(moment: datetime, time_zone: str) -> str:
    return _there(moment, time_zone).strftime("%Y-%m-%d %H:%M")


def _there(moment: datetime, time_zone: str) -> datetime:
    """Phones may have said anything: on the first and the last day there are, it may not be a date elsewhere."""
    try:
        return moment.astimezone(zone_or_utc(time_zone))
    except OverflowError:
        return moment
