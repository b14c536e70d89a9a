"""A tag, the version of the code and the changelog agree, or there is no release."""

import pytest

from dev.release_notes import NotReleasable, notes_of, versions_of_the_code

CHANGELOG = """# Changelog

## [Unreleased]

- Something to come.

## [1.2.0] - 2026-11-20

### Added

- A thing.

## [1.1.0] - 2026-10-01

- An older thing.

## [1.0.0] - 2026-09-01
"""


def test_the_notes_are_the_section_of_the_version_and_nothing_of_its_neighbours() -> None:
    assert notes_of("v1.2.0", CHANGELOG, {"pyproject.toml": "1.2.0"}) == "### Added\n\n- A thing.\n"


@pytest.mark.parametrize(
    ("tag", "version", "says"),
    [
        ("1.2.0", "1.2.0", "is no version"),
        ("v1.2.0-rc1", "1.2.0-rc1", "is no version"),
        ("v1.2.0", "1.1.0", "pyproject.toml says 1.1.0"),
        ("v1.3.0", "1.3.0", "has no heading"),
        ("v1.0.0", "1.0.0", "says nothing"),
    ],
)
def test_what_does_not_agree_is_no_release_and_is_told(tag: str, version: str, says: str) -> None:
    with pytest.raises(NotReleasable, match=says):
        notes_of(tag, CHANGELOG, {"pyproject.toml": version})


def test_an_undated_section_is_no_release() -> None:
    with pytest.raises(NotReleasable, match="no heading"):
        notes_of("v1.2.0", CHANGELOG.replace(" - 2026-11-20", ""), {"pyproject.toml": "1.2.0"})


def test_all_places_of_this_tree_tell_one_version() -> None:
    told = versions_of_the_code()
    assert len(told) == 2
    assert len(set(told.values())) == 1
    assert all(told.values())
