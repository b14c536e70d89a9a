"""The people who sign in locally, in memory: since when their sign-ins count, and who is gone.

Anybody is known who was not removed: the local issuer signs in whoever is asked for.
"""

import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime


@dataclass(frozen=True, kw_only=True)
class LocalPerson:
    """One account. `valid_since` and `auth_time` of tokens are seconds since 1970, as Firebase counts them."""

    uid: str
    valid_since: int | None = None
    is_disabled: bool = False
    is_deleted: bool = False


class LocalPeople:
    """Accounts by their uid; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._people: dict[str, LocalPerson] = {}

    def find(self, uid: str) -> LocalPerson | None:
        """The account; None when it was removed."""
        with self._lock:
            person = self._people.get(uid, LocalPerson(uid=uid))
        return None if person.is_deleted else person

    def sign_out(self, uid: str, valid_since: int | None = None) -> bool:
        """Sign-ins from before count no more; False without the account. Without a moment: now."""
        return self._change(uid, valid_since=int(time.time()) if valid_since is None else valid_since)

    def disable(self, uid: str, *, is_disabled: bool = True) -> bool:
        """Nobody signs in to it; False without the account."""
        return self._change(uid, is_disabled=is_disabled)

    def delete(self, uid: str) -> bool:
        """The account is gone; False when it was."""
        return self._change(uid, is_deleted=True)

    def may_refresh(self, uid: str, signed_in_at: datetime) -> bool:
        """Whether a refresh token of that sign-in still gives a new ID token."""
        person = self.find(uid)
        if person is None or person.is_disabled:
            return False
        return person.valid_since is None or signed_in_at >= datetime.fromtimestamp(person.valid_since, UTC)

    def _change(self, uid: str, **changed: object) -> bool:
        with self._lock:
            person = self._people.get(uid, LocalPerson(uid=uid))
            if person.is_deleted:
                return False
            self._people[uid] = replace(person, **changed)  # pyright: ignore[reportArgumentType] - by the fields' names
        return True
