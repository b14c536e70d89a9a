"""`make cost`: print the bill; `make cost WRITE=1`: put its tables into docs/cost.md."""

import os
import sys

from bench.cost.tables import TABLES
from bench.tables_in_page import page_of, with_tables

PAGE = "cost"


def main() -> int:
    """Print all tables, or write them."""
    if os.environ.get("WRITE") == "1":
        page = page_of(PAGE)
        page.write_text(with_tables(page.read_text(), TABLES))
        return 0
    for name, make in TABLES.items():
        print(f"{name}\n\n{make()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
