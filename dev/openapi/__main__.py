"""`make openapi` and `make client`: write the document of the API, and the client that is generated from it."""

import sys

from dev.openapi import python_client
from dev.openapi.document import PATH, text


def main() -> int:
    """Overwrite what is kept."""
    match sys.argv[1:]:
        case ["document"]:
            PATH.write_text(text())
        case ["client"]:
            python_client.generate(python_client.FOLDER)
        case _:
            print("usage: python -m dev.openapi document|client", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
