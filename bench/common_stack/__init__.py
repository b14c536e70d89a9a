"""The common stack as one Lambda function: FastAPI under Mangum, SQLAlchemy, and the vendors' SDKs."""
