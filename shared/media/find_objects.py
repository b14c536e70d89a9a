"""Looks for the objects of many pending files, a few at a time, and not for ever."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic

from shared.media.find_object import find_object
from shared.media.model import ObjectFacts, PendingUpload
from shared.media.store import ObjectStore

LOOKERS = 8


def find_objects(
    store: ObjectStore, uploads: Sequence[PendingUpload], *, within_seconds: float
) -> Iterator[tuple[PendingUpload, ObjectFacts | None]]:
    """Each file with what the bucket holds of it, as it is found; those left when time is up are left out.

    The last look may begin just in time and then last as long as the store takes. Raises VendorDown at the first
    one that fails: a store that is down is not asked a hundred times.
    """
    until = monotonic() + within_seconds
    with ThreadPoolExecutor(LOOKERS) as lookers:
        for start in range(0, len(uploads), LOOKERS):
            if monotonic() >= until:
                return
            few = uploads[start : start + LOOKERS]
            yield from zip(few, lookers.map(partial(find_object, store), few), strict=True)
