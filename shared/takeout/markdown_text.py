"""Other people's words as Markdown that shows them, and does nothing else. Pure.

A transcript may hold anything: what looks like HTML, a link or a heading must be read as it was said. Every character
that CommonMark, or GitHub's extension of it, gives a meaning to is escaped (https://spec.commonmark.org/0.31.2/).
"""

import re
import unicodedata
from itertools import pairwise

_MEANT = re.compile(r"[\\`*_\[\]<>&|~#!$^]")
_LINKED = re.compile(r"(?<=[A-Za-z0-9+.-]):(?=/)|(?<=\bwww)\.|@", flags=re.IGNORECASE)
"""Where GitHub makes a link without any bracket: https://github.github.com/gfm/#autolinks-extension-"""

_AT_THE_START = re.compile(r"^(?P<mark>[-+=:])|^(?P<number>\d{1,9})(?P<end>[.)])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_UNSAFE_IN_NAMES = re.compile(r"[^\w]+")
_LONGEST_NAME = 60


def as_line(text: str) -> str:
    """The text on one line."""
    return _line(" ".join(text.split()))


def as_paragraphs(text: str) -> str:
    """The text with its lines and its empty lines."""
    lines = [*(_line(line) for line in text.splitlines()), ""]
    shown = [f"{line}\\" if line and following else line for line, following in pairwise(lines)]
    return "\n".join(shown).strip("\n")  # a backslash at its end breaks the line


def as_file_name(text: str) -> str:
    """Letters, digits and hyphens, which every system takes in a name; empty when the text has none of them.

    Of any script; whole characters of at most 60, composed as Windows and Linux write them.
    """
    plain = _UNSAFE_IN_NAMES.sub("-", unicodedata.normalize("NFC", text)).replace("_", "-")
    return plain.strip("-")[:_LONGEST_NAME].strip("-").lower()


def _line(line: str) -> str:
    shown = _UNSEEN.sub("", line).strip()
    shown = _LINKED.sub(r"\\\g<0>", _MEANT.sub(r"\\\g<0>", shown))
    return _AT_THE_START.sub(_escaped_start, shown)


def _escaped_start(found: "re.Match[str]") -> str:
    return f"\\{found['mark']}" if found["mark"] else f"{found['number']}\\{found['end']}"
