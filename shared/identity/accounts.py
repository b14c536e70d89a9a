"""What we need of whoever signs people in. Adapters raise VendorDown only."""

from typing import Protocol

from shared.identity.model import SignIn


class Accounts(Protocol):
    """The accounts people sign in with, by their Firebase uid."""

    def look(self, firebase_uid: str) -> SignIn | None:
        """How signing in stands, as it is now; None when there is no such account. Raises VendorDown."""
        ...

    def sign_out(self, firebase_uid: str) -> None:
        """End every sign-in: no new token comes of one. An account that is gone has none. Raises VendorDown."""
        ...

    def delete(self, firebase_uid: str) -> None:
        """Remove the account; one that is gone already is removed. Raises VendorDown."""
        ...
