-- When one of a group of gauges was above 0 last: while all are 0, they are told for a while and then no more.
CREATE TABLE gauge_groups (
  name          text PRIMARY KEY,
  above_zero_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON gauge_groups TO second_brain_system;
