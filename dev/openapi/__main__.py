"""`make openapi`: writes the document of the API."""

from dev.openapi.document import PATH, text


def main() -> None:
    """Overwrite the one that is kept."""
    PATH.write_text(text())
    print(f"wrote {PATH.name}")


if __name__ == "__main__":
    main()
