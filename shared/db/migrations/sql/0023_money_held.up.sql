-- Money is set aside for as long as a call can take, whatever the day: what a function that died left behind comes back by
-- itself, and at midnight calls under way are still counted. Nothing asks for `day` any more; a later release drops it.
ALTER TABLE spend_reservations
  ADD COLUMN held_until timestamptz NOT NULL DEFAULT now() + interval '15 minutes',
  ALTER COLUMN day DROP NOT NULL;

-- Whether a call of at most `p_cents` may be made: 0, or after how many seconds to ask again. Where money is spent, that is
-- the rest of the day; where it is only set aside for calls under way, a minute, for most of it comes back.
CREATE OR REPLACE FUNCTION reserve_spend(p_user_id uuid, p_ref uuid, p_cents integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  spent numeric := spending_of_today(p_user_id, 0);
  reserved numeric;
  most integer;
BEGIN
  DELETE FROM spend_reservations WHERE user_id = p_user_id AND ref = p_ref;
  -- Whoever holds a lock on one is writing down its cost, and waits for our lock on what is spent: we do not wait for theirs.
  DELETE FROM spend_reservations r
  USING (SELECT ref FROM spend_reservations WHERE user_id = p_user_id AND held_until <= now() FOR UPDATE SKIP LOCKED) AS over
  WHERE r.user_id = p_user_id AND r.ref = over.ref;
  SELECT coalesce(sum(cents), 0) INTO reserved
  FROM spend_reservations WHERE user_id = p_user_id AND held_until > now();
  SELECT daily_spend_cents INTO most FROM users WHERE id = p_user_id;
  IF spent + p_cents > most THEN
    RETURN greatest(1, ceil(86400 - extract(epoch FROM (now() AT TIME ZONE 'utc')::time)))::integer;
  END IF;
  IF spent + reserved + p_cents > most THEN
    RETURN 60;
  END IF;
  INSERT INTO spend_reservations (user_id, ref, cents) VALUES (p_user_id, p_ref, p_cents);
  RETURN 0;
END
$$;
