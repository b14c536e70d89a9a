"""Pages of notes show what was said, and do nothing else: read by a parser of CommonMark, every text is only text."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from shared.takeout.markdown_text import as_file_name, as_line, as_paragraphs
from shared.takeout.notes import NoteRow, media_path, notes_of

SESSION, MEDIA = UUID(int=1), UUID(int=2)
HARMLESS = {"paragraph_open", "paragraph_close", "inline"}
TEXT_ONLY = {"text", "softbreak", "hardbreak", "text_special"}
PARSER = MarkdownIt("gfm-like", {"linkify": False})

DANGEROUS = [
    "# no heading",
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![pixel](https://evil.example/?q=secret)",
    "<https://evil.example>",
    "- no list",
    "+ no list",
    "* no list",
    "1. no list",
    "1) no list",
    "> no quote",
    "    no code",
    "```\nno fence\n```",
    "~~~\nno fence",
    "`no code`",
    "**not bold** _not italic_ ~~not struck~~",
    "no heading\n===",
    "no heading\n---",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[ref]: https://evil.example",
    "&lt; &#x3c; &amp;",
    "trailing backslash \\",
    "\\# escaped by its author",
    "***",
    "a\u2028# b",
    "\t# tab",
]

ROW = NoteRow(
    session_id=SESSION,
    session_type="mixed",
    status="processed",
    time_zone="Europe/Lisbon",
    title="Launch: <b>Friday</b>",
    ai_summary="We launch.\n\nOn Friday.",
    created_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC),
    block_type="voice",
    text_content="We launch on Friday. Ana brings milk.",
    segments=[{"start_ms": 0, "text": "We launch on Friday."}, {"start_ms": 3_661_000, "text": " Ana brings milk."}],
    captured_at=datetime(2026, 7, 1, 23, 31, tzinfo=UTC),
    media_id=MEDIA,
    media_type="audio",
    content_type="audio/ogg",
)


def shown(markdown: str) -> str:
    """What a reader sees. Fails when anything but text is in it."""
    seen: list[str] = []
    for token in PARSER.parse(markdown):
        assert token.type in HARMLESS, (token.type, markdown)
        for child in token.children or []:
            assert child.type in TEXT_ONLY, (child.type, markdown)
            seen.append(child.content if "break" not in child.type else "\n")
    return "".join(seen)


def plain(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("text", DANGEROUS, ids=range(len(DANGEROUS)))
def test_what_looks_like_markdown_is_read_as_it_was_written(text: str) -> None:
    assert plain(shown(as_paragraphs(text))) == plain(text)
    assert plain(shown(as_line(text))) == plain(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Z"], include_characters="\n\t"), max_size=200))
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    assert plain(shown(as_paragraphs(text))) == plain(text)


@pytest.mark.parametrize("text", ["see https://evil.example/x", "www.evil.example", "mail a@evil.example", "ftp://x.y"])
def test_no_address_becomes_a_link_by_itself(text: str) -> None:
    """GitHub looks for these after nothing was escaped: https://github.github.com/gfm/#autolinks-extension-"""
    assert re.search(r"https?://|ftp://|www\.|[^\\]@", as_line(text)) is None


def test_a_page_tells_title_times_summary_and_what_was_said_when() -> None:
    marker = replace(ROW, block_type="marker", text_content="Buy *milk*", segments=None, media_id=None)
    [note] = notes_of([ROW, marker])
    assert note.path == f"notes/2026-07-02-launch-b-friday-b-{SESSION}.md"
    assert note.text == (
        "# Launch: \\<b\\>Friday\\</b\\>\n\n"
        "- Captured: 2026-07-02 00:30 (Europe/Lisbon)\n- Kind: mixed\n- State: processed\n"
        f"- Session: {SESSION}\n\n"
        "## Summary\n\nWe launch.\n\nOn Friday.\n\n"
        "## Recording, 2026-07-02 00:31\n\n"
        f"[{MEDIA}.ogg](../{media_path(SESSION, MEDIA, 'audio', 'audio/ogg')})\n\n"
        "\\[00:00\\] We launch on Friday.\\\n\\[1:01:01\\] Ana brings milk.\n\n"
        "## Note, 2026-07-02 00:31\n\nBuy \\*milk\\*\n"
    )


def test_a_transcript_that_was_edited_is_shown_as_it_was_left() -> None:
    [note] = notes_of([replace(ROW, text_content="We launch on Monday.")])
    assert "We launch on Monday." in note.text
    assert "Friday." not in note.text.partition("## Recording")[2]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Reunião: às 9h / sala 2", "reunião-às-9h-sala-2"),
        ("会議のメモ", "会議のメモ"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con"),
        ('a<b>c:d"e|f?g*h\\i', "a-b-c-d-e-f-g-h-i"),
        ("...", ""),
        ("x" * 100, "x" * 60),
        ("cafe\u0301", "café"),
        ("a\x00\u202eb", "a-b"),
    ],
)
def test_a_title_becomes_a_name_that_every_system_takes(title: str, name: str) -> None:
    assert as_file_name(title) == name


def test_a_title_that_is_no_name_leaves_the_day_and_the_id() -> None:
    untitled: Any = replace(ROW, title=None)
    assert next(iter(notes_of([untitled]))).path == f"notes/2026-07-02-{SESSION}.md"
