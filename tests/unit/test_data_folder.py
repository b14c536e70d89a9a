"""The local stack's data folder: held by one stack, and emptied of nothing but what stacks put there."""

from pathlib import Path

import pytest

from dev.data_folder import FolderTaken, opened


def test_a_reset_removes_what_stacks_put_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18")
    (tmp_path / "stack.log").write_text("old")
    (tmp_path / "precious.txt").write_text("mine")
    with opened(tmp_path, is_reset=True):
        assert {path.name for path in tmp_path.iterdir()} == {"lock", "precious.txt"}


def test_without_a_reset_everything_stays(tmp_path: Path) -> None:
    (tmp_path / "stack.log").write_text("old")
    with opened(tmp_path, is_reset=False):
        assert (tmp_path / "stack.log").read_text() == "old"


def test_a_folder_in_use_is_refused_before_anything_is_removed(tmp_path: Path) -> None:
    (tmp_path / "stack.log").write_text("old")
    with opened(tmp_path, is_reset=False), pytest.raises(FolderTaken), opened(tmp_path, is_reset=True):
        pass
    assert (tmp_path / "stack.log").exists()
    with opened(tmp_path, is_reset=False):
        pass
