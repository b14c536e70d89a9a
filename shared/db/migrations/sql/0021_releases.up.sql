-- What was run here, also by newer releases: an older one that is deployed again asks whether it may (docs/adr/0045).
-- `works_with` is, of a revision that took something away, the oldest release that can do without.
CREATE TABLE schema_revisions (
  revision   text PRIMARY KEY,
  phase      text NOT NULL CHECK (phase IN ('expand', 'contract')),
  release    text NOT NULL,
  works_with text CHECK ((phase = 'contract') = (works_with IS NOT NULL)),
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- Health says so when the code is newer than the schema.
GRANT SELECT ON alembic_version TO second_brain_app, second_brain_system;
