"""Prompts as files with a version in their name, so that a change shows in review and an answer can be traced."""

from importlib.resources import files

from shared.values import frozen


@frozen
class Prompt:
    """A prompt; `{language}` in it stands for the language to answer in."""

    name: str
    text: str

    def in_language(self, language: str) -> str:
        """The prompt for answers in `language` (a tag such as "pt-BR")."""
        return self.text.replace("{language}", language)


def load_prompt(name: str) -> Prompt:
    """Read `prompts/<name>.txt`; called at Init."""
    text = files("shared.ai").joinpath("prompts", f"{name}.txt").read_text(encoding="utf-8")
    return Prompt(name=name, text=text.strip())
