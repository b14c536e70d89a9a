"""What is answered when the notes hold no answer, in the user's language."""

_NOT_IN_YOUR_NOTES = {
    "de": "Das steht nicht in deinen Notizen.",
    "en": "That is not in your notes.",
    "es": "Eso no está en tus notas.",
    "fr": "Ce n'est pas dans tes notes.",
    "pt": "Isso não está nas suas notas.",
}


def not_in_your_notes(language: str) -> str:
    """The sentence in that language (a BCP 47 tag), or in English."""
    return _NOT_IN_YOUR_NOTES.get(language.partition("-")[0].lower(), _NOT_IN_YOUR_NOTES["en"])
