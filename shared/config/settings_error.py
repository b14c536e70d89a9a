"""What is wrong with a function's settings, said at Init."""


class SettingsError(RuntimeError):
    """The environment, or a secret it names, lacks something, or holds something it must not.

    Its text names variables and secrets, never a value; no error it could be followed back to holds one either.
    """
