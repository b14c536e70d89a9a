"""Tables of Markdown, and the places of a page of docs/ where they stand."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_DOCS = Path(__file__).parents[1] / "docs"
_PLACE = re.compile(r"(<!-- ([\w-]+): begin -->\n).*?(\n<!-- \2: end -->)", flags=re.DOTALL)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table, without a line end."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def page_of(name: str) -> Path:
    """The file of docs/ that shows the tables."""
    return _DOCS / f"{name}.md"


def with_tables(page: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """The page with each table between its marks as it is now. KeyError for a mark that no table belongs to."""
    return _PLACE.sub(lambda place: f"{place[1]}\n{tables[place[2]]()}\n{place[3]}", page)


def places(page: str) -> list[str]:
    """The tables a page has a place for."""
    return [found[1] for found in _PLACE.findall(page)]
