"""An object that is read like a file, of which nobody has it read more than it should."""

import pytest

from shared.errors import Invalid
from shared.takeout.ranged_file import MOST_BYTES_AT_ONCE, RangedFile
from tests.fakes.memory_store import MemoryStore


def test_no_more_is_read_at_once_than_the_directory_of_an_honest_zip_has() -> None:
    """zipfile reads as much as the ZIP says that its directory has."""
    store = MemoryStore()
    facts = store.put("imports/a.zip", b"0123456789")
    file = RangedFile(store, "imports/a.zip", etag=facts.etag, size_bytes=2**40, beat=lambda: None)
    with pytest.raises(Invalid, match="too many files"):
        file.read(MOST_BYTES_AT_ONCE + 1)
    with pytest.raises(Invalid, match="shorter than it was"):
        file.read(11)
    file.seek(4)
    assert file.read(3) == b"456"
