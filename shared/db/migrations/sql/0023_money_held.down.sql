-- What is set aside now has no day, which 0022 needs: calls under way are forgotten.
DELETE FROM spend_reservations;
ALTER TABLE spend_reservations
  ALTER COLUMN day SET NOT NULL,
  DROP COLUMN held_until;

-- Whether a call of at most `p_cents` may be made: 0, or after how many seconds to ask again. Where money is spent, that is
-- the rest of the day; where it is only set aside for calls under way, a minute, for most of it comes back.
CREATE OR REPLACE FUNCTION reserve_spend(p_user_id uuid, p_ref uuid, p_cents integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  today date := (now() AT TIME ZONE 'utc')::date;
  spent numeric := spending_of_today(p_user_id, 0);
  reserved numeric;
  most integer;
BEGIN
  DELETE FROM spend_reservations WHERE user_id = p_user_id AND (day < today OR ref = p_ref);
  SELECT coalesce(sum(cents), 0) INTO reserved FROM spend_reservations WHERE user_id = p_user_id;
  SELECT daily_spend_cents INTO most FROM users WHERE id = p_user_id;
  IF spent + p_cents > most THEN
    RETURN greatest(1, ceil(86400 - extract(epoch FROM (now() AT TIME ZONE 'utc')::time)))::integer;
  END IF;
  IF spent + reserved + p_cents > most THEN
    RETURN 60;
  END IF;
  INSERT INTO spend_reservations (user_id, ref, day, cents) VALUES (p_user_id, p_ref, today, p_cents);
  RETURN 0;
END
$$;
