"""Settings of the function that pushes."""

from shared.config.environment import Settings


class FirebaseSettings(Settings):
    """Our project at Firebase: the JSON of a service account that may send messages, and the project's id.

    `fcm_base_url` is set where another server speaks FCM's protocol, as the local stack's does.
    """

    firebase_credentials: str
    firebase_project_id: str
    fcm_base_url: str = "https://fcm.googleapis.com"
