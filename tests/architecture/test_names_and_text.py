"""Names that say nothing, banners, and what belongs to one machine stay out."""

import io
import re
import tokenize
from pathlib import Path

from tests.architecture.source import ROOT, TOP_FOLDERS, project_files, text_of

REFUSED = {
    "base", "common", "helper", "helpers", "manager", "managers", "misc", "service", "services", "util", "utils",
}  # fmt: skip
BANNER = re.compile(r"(#|--|//)\s*([-=*#~_/+])\2{3,}|([-=*#~_])\3{5,}\s*$")
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(work|farm|root|home|Users|tmp)/")
# In pieces, for this file is one of those that must not name them.
HOSTS = "|".join(("py" + "pi", "python" + "hosted", "npm" + "js"))
REGISTRY = re.compile(rf"({HOSTS})\.(org|com)|--(extra-)?index" + r"-url|--find" + r"-links|simple/\s*$")
KEY = re.compile(
    r"\b(sk-[A-Za-z0-9]{20,}|gsk_[A-Za-z0-9]{20,}|AKIA(?!IOSFODNN7EXAMPLE)[A-Z0-9]{16}|sk_(live|test)_[A-Za-z0-9]{16,})\b"
)
CODE_SUFFIXES = {".py", ".sql", ".toml", ".sh"}
GENERATED_OR_TESTS = {"clients", "tests"}


def _project_code() -> list[Path]:
    return [path for path in project_files() if path.suffix in CODE_SUFFIXES or path.name == "Makefile"]


def _lines_matching(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    texts = [(path, text) for path in paths if (text := text_of(path)) is not None]
    return [
        f"{path}:{number}"
        for path, text in texts
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    nameless = [
        str(path)
        for path in project_files()
        if path.parts[0] in TOP_FOLDERS and REFUSED & {part.partition(".")[0] for part in path.parts}
    ]
    assert nameless == []


def test_no_banner_divides_a_file() -> None:
    assert _lines_matching(BANNER, _project_code()) == []


def test_no_file_holds_a_path_of_one_machine() -> None:
    assert _lines_matching(MACHINE_PATH, list(project_files())) == []


def test_no_file_names_a_package_registry() -> None:
    locks = {Path("Makefile")}  # it tells uv to leave them out
    own = Path(__file__).relative_to(ROOT)
    assert _lines_matching(REGISTRY, [path for path in project_files() if path not in {*locks, own}]) == []


def test_requirements_hold_no_addresses() -> None:
    requirements = [path for path in project_files() if path.parts[0] == "requirements"]
    assert requirements
    assert _lines_matching(re.compile(r"://|^-"), requirements) == []


def test_every_requirement_is_pinned_by_its_hash() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=\S)", path.read_text().strip())
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries), path.name


def test_no_lock_file_with_addresses_is_kept() -> None:
    assert [path for path in project_files() if path.name in {"uv.lock", "poetry.lock", ".python-version"}] == []


def test_no_file_holds_what_looks_like_a_real_key() -> None:
    assert _lines_matching(KEY, list(project_files())) == []


def test_every_exception_to_a_rule_says_why() -> None:
    silent: list[str] = []
    for path in (path for path in project_files() if path.suffix == ".py" and path.parts[0] not in GENERATED_OR_TESTS):
        for token in tokenize.generate_tokens(io.StringIO((ROOT / path).read_text()).readline):
            is_exception = token.type == tokenize.COMMENT and re.search(
                r"noqa|type: ignore|pyright: ignore", token.string
            )
            if is_exception and not re.search(r"(noqa: [A-Z0-9, ]+|ignore\[\w+\])\s*-\s*\w", token.string):
                silent.append(f"{path}:{token.start[0]}")
    assert silent == []
