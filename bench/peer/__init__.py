"""The peer: our sessions API as a team would write it with FastAPI, SQLAlchemy's async ORM, asyncpg and pydantic."""
