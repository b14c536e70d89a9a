DROP FUNCTION take_over_token(uuid, text);
DROP POLICY token_taken ON devices;
DROP POLICY token_seen ON devices;
DROP INDEX devices_token;
DROP TABLE push_deliveries;
DROP TABLE notifications;
ALTER TABLE users
  DROP COLUMN push_processed,
  DROP COLUMN push_failed,
  DROP COLUMN push_credits_low;
