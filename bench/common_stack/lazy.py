"""The same with every vendor's SDK left to the requests that need it: reading a session needs none."""

import os

from mangum import Mangum

from bench.peer.app import create_app

_URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://")

handler = Mangum(create_app(_URL, None, mode="pooled"), lifespan="off")
