"""Celery with its default settings; only where it finds what it needs is said."""

from typing import Any

from celery import Celery
from celery.signals import worker_ready

from bench.queued.settings import read_settings

settings = read_settings()
app: Any = Celery("peer", broker=settings.broker_url, backend=settings.broker_url, include=["bench.queued.tasks"])
app.conf.update(task_acks_late=settings.is_acks_late, worker_redirect_stdouts=False)


@worker_ready.connect
def _say_so(**_: Any) -> None:  # noqa: ANN401 - a signal's own
    print("ready celery", flush=True)
