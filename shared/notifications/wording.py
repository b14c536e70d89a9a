"""What a push says, in the user's language: that there is something to see, and nothing of what it is."""

from shared.notifications.model import Notification, Push, PushKind

_ENGLISH = {
    PushKind.PROCESSED: ("Your note is ready", "Open it to read the text and the summary."),
    PushKind.FAILED: ("A note could not be processed", "The recording is kept, and it cost you nothing."),
    PushKind.CREDITS_LOW: ("Your credits are running low", "Without credits, notes are kept but not put into words."),
}
_PORTUGUESE = {
    PushKind.PROCESSED: ("A sua nota está pronta", "Abra para ler o texto e o resumo."),
    PushKind.FAILED: ("Uma nota não pôde ser processada", "A gravação está guardada e nada foi cobrado."),
    PushKind.CREDITS_LOW: (
        "Os seus créditos estão acabando",
        "Sem créditos, as notas são guardadas, mas não transcritas.",
    ),
}
LANGUAGES = {"en": _ENGLISH, "pt": _PORTUGUESE}


def compose(notification: Notification, language: str) -> Push:
    """The push in that language (a BCP 47 tag), or in English."""
    title, body = LANGUAGES.get(language.partition("-")[0].lower(), _ENGLISH)[notification.kind]
    return Push(
        notification_id=notification.id,
        kind=notification.kind,
        session_id=notification.session_id,
        title=title,
        body=body,
    )
