-- What a user wants to be told by a push.
ALTER TABLE users
  ADD COLUMN push_processed   boolean NOT NULL DEFAULT true,
  ADD COLUMN push_failed      boolean NOT NULL DEFAULT true,
  ADD COLUMN push_credits_low boolean NOT NULL DEFAULT true;

-- One thing a user is told, once: the same kind and ref announces nothing a second time. While it is pending, nobody
-- touches it before due_at: that is the lease of whoever is sending it, or the wait that the vendor asked for.
-- attempts grows with each claim, and is its fencing token.
CREATE TABLE notifications (
  user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('processed', 'failed', 'credits_low')),
  ref        text NOT NULL,
  session_id uuid,
  state      text NOT NULL CHECK (state IN ('pending', 'sent', 'skipped', 'failed')),
  reason     text,
  attempts   integer NOT NULL DEFAULT 0,
  due_at     timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at    timestamptz,
  PRIMARY KEY (user_id, id),
  UNIQUE (user_id, kind, ref),
  FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE
);
CREATE INDEX notifications_session ON notifications (user_id, session_id);
CREATE INDEX notifications_pending ON notifications (due_at) WHERE state = 'pending';

-- What became of it on each device, so that a retry leaves those alone that have it. The device may be gone by now.
CREATE TABLE push_deliveries (
  user_id         uuid NOT NULL,
  notification_id uuid NOT NULL,
  device_id       uuid NOT NULL,
  verdict         text NOT NULL CHECK (verdict IN ('sent', 'gone', 'refused')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, notification_id, device_id),
  FOREIGN KEY (user_id, notification_id) REFERENCES notifications (user_id, id) ON DELETE CASCADE
);

ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notifications USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
ALTER TABLE push_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE push_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON push_deliveries USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);

-- The sweep looks for those whose message was lost.
CREATE POLICY sweep ON notifications FOR SELECT TO second_brain_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON notifications, push_deliveries TO second_brain_app, second_brain_system;

-- A phone reaches one user: whoever signed in on it last. Leaving the token with an earlier user as well would show
-- that user's pushes to somebody else. Who knows a token holds the phone it belongs to.
CREATE INDEX devices_token ON devices (md5(fcm_token));
CREATE POLICY token_seen ON devices FOR SELECT TO second_brain_system USING (true);
CREATE POLICY token_taken ON devices FOR DELETE TO second_brain_system USING (true);
CREATE FUNCTION take_over_token(p_user_id uuid, p_fcm_token text)
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM devices d
  WHERE md5(d.fcm_token) = md5(p_fcm_token) AND d.fcm_token = p_fcm_token AND d.user_id <> p_user_id
$$;
GRANT CREATE ON SCHEMA public TO second_brain_system;
ALTER FUNCTION take_over_token(uuid, text) OWNER TO second_brain_system;
REVOKE CREATE ON SCHEMA public FROM second_brain_system;
REVOKE ALL ON FUNCTION take_over_token(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_over_token(uuid, text) TO second_brain_app, second_brain_system;
