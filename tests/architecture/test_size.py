"""Nothing grows past the size at which a concept is missing."""

from tests.architecture.size_report import FolderSizes, Length, measure, table, too_long
from tests.architecture.source import ROOT, TOP_FOLDERS


def test_no_file_and_no_function_is_too_long() -> None:
    assert too_long([measure(folder) for folder in TOP_FOLDERS if (ROOT / folder).is_dir()]) == []


def test_the_report_names_what_is_too_long() -> None:
    sizes = FolderSizes(
        folder="shared",
        files=[Length(where="a.py", lines=300), Length(where="b.py", lines=301)],
        functions=[Length(where="a.py:1 short", lines=50), Length(where="b.py:1 long", lines=51)],
    )
    assert too_long([sizes]) == ["b.py: 301 lines, 300 at most", "b.py:1 long: 51 lines, 50 at most"]


def test_the_report_has_a_row_for_each_folder() -> None:
    rows = list(table([measure("functions"), measure("shared")]))
    assert [row.split()[0] for row in rows] == ["folder", "functions", "shared"]
