"""The database's address in SQLAlchemy's spelling."""

from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy.engine import URL


def for_sqlalchemy(url: str, driver: str) -> URL:
    """The same database through another driver. `url` names a socket's folder as its host."""
    parts = urlsplit(url)
    return URL.create(
        f"postgresql+{driver}",
        username=unquote(parts.username or ""),
        database=parts.path.lstrip("/"),
        query={"host": parse_qs(parts.query)["host"][0]},
    )
