"""`python -m dev.release_notes v1.2.3`: what the changelog says of a version, for its release.

It refuses a tag that is not the version of the code, and a version the changelog does not describe. Standard library
only: it runs before anything is installed.
"""

import re
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PLACES = {
    "pyproject.toml": re.compile(r'^version = "([^"]+)"$', flags=re.MULTILINE),
    "shared/version.py": re.compile(r'^VERSION = "([^"]+)"$', flags=re.MULTILINE),
}
_HEADING = re.compile(r"^## \[(?P<version>[^\]]+)\](?: - (?P<date>\d{4}-\d{2}-\d{2}))?$", flags=re.MULTILINE)


class NotReleasable(Exception):
    """The tag, the code and the changelog do not agree; the message says where."""


def notes_of(tag: str, changelog: str, versions: dict[str, str]) -> str:
    """The changelog's section of a tag, without its heading. `versions` are what the code calls itself, by file.

    Raises:
        NotReleasable: the tag is no version, another than the code's, or the changelog has no dated section of it.
    """
    version = tag.removeprefix("v")
    if not re.fullmatch(r"v\d+\.\d+\.\d+", tag):
        raise NotReleasable(f"{tag} is no version: tags are v1.2.3.")
    others = sorted(f"{file} says {found}" for file, found in versions.items() if found != version)
    if others:
        raise NotReleasable(f"{tag} is tagged, but {' and '.join(others)}: write {version} there, and tag that commit.")
    headings = list(_HEADING.finditer(changelog))
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        if heading["version"] == version and heading["date"]:
            return _section(changelog[heading.end() : following.start() if following else None], version)
    raise NotReleasable(f"CHANGELOG.md has no heading `## [{version}] - <date>`: name what was Unreleased so.")


def _section(text: str, version: str) -> str:
    if not re.search(r"^- ", text, flags=re.MULTILINE):
        raise NotReleasable(f"CHANGELOG.md says nothing under {version}.")
    return text.strip() + "\n"


def versions_of_the_code(root: Path = _ROOT) -> dict[str, str]:
    """Each place that tells the version, with what it tells; empty where it tells none."""
    return {
        file: found[1] if (found := pattern.search((root / file).read_text())) else ""
        for file, pattern in _PLACES.items()
    }


def main(arguments: list[str]) -> int:
    """Print the notes: exit status 0; or what does not agree: 1."""
    tag = arguments[0] if arguments else ""
    try:
        print(notes_of(tag, (_ROOT / "CHANGELOG.md").read_text(), versions_of_the_code()), end="")
    except NotReleasable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
