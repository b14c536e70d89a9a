"""The whole local pipeline beside Celery and Redis: the same sessions, the same instant providers, the same kills."""
