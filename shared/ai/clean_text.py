"""Makes text of a provider fit to be stored and shown."""

import re

# NUL and lone surrogates cannot be stored at all; the other controls (but tab and line feed) only garble a screen.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff]")


def clean_text(text: str, *, max_chars: int) -> str:
    """`text` without what Postgres or a screen cannot take, trimmed, and at most `max_chars` characters long."""
    fit = _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return fit if len(fit) <= max_chars else f"{fit[: max_chars - 1].rstrip()}…"
