"""The peer of the pipeline: the same processing with FastAPI, SQLAlchemy, Celery and Redis, as their documents show."""
