"""Settings of functions that ask Firebase about an account."""

from shared.config.environment import Settings


class AccountsSettings(Settings):
    """Our project at Firebase, and the JSON of a service account that may manage its users.

    Another key than the one that sends pushes: that one should not be able to remove anybody. `firebase_auth_base_url`
    is set where another server speaks Identity Toolkit's protocol, as the local stack's does.
    """

    firebase_auth_credentials: str
    firebase_auth_project_id: str
    firebase_auth_base_url: str = "https://identitytoolkit.googleapis.com"
