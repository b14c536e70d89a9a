REVOKE SELECT ON alembic_version FROM second_brain_app, second_brain_system;
DROP TABLE schema_revisions;
