-- What providers may cost us for one user in a day (UTC). A call is reserved at its worst price before a provider is asked,
-- and counted at its true one when its usage is written down (docs/adr/0037).
ALTER TABLE users ADD COLUMN daily_spend_cents integer NOT NULL DEFAULT 500 CHECK (daily_spend_cents >= 0);

CREATE TABLE spending (
  user_id     uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  day         date NOT NULL,
  spent_cents numeric(14, 6) NOT NULL CHECK (spent_cents >= 0)
);

-- Of calls under way; `ref` is the step or the question, so that whoever tries it again reserves it once.
CREATE TABLE spend_reservations (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  ref     uuid NOT NULL,
  day     date NOT NULL,
  cents   integer NOT NULL CHECK (cents > 0),
  PRIMARY KEY (user_id, ref)
);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['spending', 'spend_reservations']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %I USING (user_id = nullif(current_setting(''app.user_id'', true), '''')::uuid)',
      tenant_table);
  END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON spending, spend_reservations TO second_brain_app, second_brain_system;

-- The user's row of today, locked: an earlier day's is begun anew.
CREATE FUNCTION spending_of_today(p_user_id uuid, p_more numeric) RETURNS numeric LANGUAGE sql AS $$
  INSERT INTO spending AS s (user_id, day, spent_cents)
  VALUES (p_user_id, (now() AT TIME ZONE 'utc')::date, p_more)
  ON CONFLICT (user_id) DO UPDATE
  SET day = greatest(s.day, excluded.day),
      spent_cents = excluded.spent_cents + CASE WHEN s.day < excluded.day THEN 0 ELSE s.spent_cents END
  RETURNING spent_cents
$$;

-- Whether a call of at most `p_cents` may be made: 0, or how many seconds are left of the day that has no more for it.
CREATE FUNCTION reserve_spend(p_user_id uuid, p_ref uuid, p_cents integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  today date := (now() AT TIME ZONE 'utc')::date;
  spent numeric := spending_of_today(p_user_id, 0);
  reserved numeric;
BEGIN
  DELETE FROM spend_reservations WHERE user_id = p_user_id AND (day < today OR ref = p_ref);
  SELECT coalesce(sum(cents), 0) INTO reserved FROM spend_reservations WHERE user_id = p_user_id;
  IF spent + reserved + p_cents > (SELECT daily_spend_cents FROM users WHERE id = p_user_id) THEN
    RETURN greatest(1, ceil(86400 - extract(epoch FROM (now() AT TIME ZONE 'utc')::time)))::integer;
  END IF;
  INSERT INTO spend_reservations (user_id, ref, day, cents) VALUES (p_user_id, p_ref, today, p_cents);
  RETURN 0;
END
$$;

-- No call that costs is left out. Moving users to a better model is the operator's expense, and has a budget of its own.
CREATE FUNCTION count_spending() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM spending_of_today(NEW.user_id, NEW.cost_cents);
  RETURN NULL;
END
$$;
CREATE TRIGGER spending_counted AFTER INSERT ON ai_usage
  FOR EACH ROW WHEN (NEW.cost_cents > 0 AND NEW.operation_type <> 'reembed') EXECUTE FUNCTION count_spending();
