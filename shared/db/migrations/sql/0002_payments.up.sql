-- Money that went back after its credits were spent leaves a debt. A user has credits or a debt, never both: every
-- credit that comes in pays the debt first, so that where a user stands does not depend on what came in which order
-- (docs/adr/0014-credits-or-a-debt.md).
ALTER TABLE users
  ADD COLUMN credit_debt integer NOT NULL DEFAULT 0 CHECK (credit_debt >= 0),
  ADD CONSTRAINT users_credits_or_debt CHECK (credits = 0 OR credit_debt = 0);

-- A thing is debited, granted or refunded once in the whole ledger, whoever it is for.
ALTER TABLE credit_ledger
  ADD COLUMN debt_delta integer NOT NULL DEFAULT 0,
  ADD COLUMN debt_after integer NOT NULL DEFAULT 0 CHECK (debt_after >= 0),
  DROP CONSTRAINT credit_ledger_delta_check,
  ADD CONSTRAINT credit_ledger_moves CHECK (delta <> 0 OR debt_delta <> 0),
  DROP CONSTRAINT credit_ledger_user_id_reason_ref_key,
  ADD CONSTRAINT credit_ledger_once UNIQUE (reason, ref);
CREATE INDEX credit_ledger_newest ON credit_ledger (user_id, created_at DESC, id DESC);

-- Who had the trial credits, also after the account is gone; a hash, so that it names nobody.
CREATE TABLE trial_claims (
  firebase_uid_hash bytea PRIMARY KEY CHECK (length(firebase_uid_hash) = 32),
  claimed_at        timestamptz NOT NULL DEFAULT now()
);
-- FORCE row-level security binds the tables' owner too, unless a superuser: without a tenant it would read no row here.
ALTER TABLE credit_ledger NO FORCE ROW LEVEL SECURITY;
INSERT INTO trial_claims (firebase_uid_hash, claimed_at)
SELECT sha256(convert_to(ref, 'UTF8')), created_at
FROM credit_ledger
WHERE reason = 'trial';
ALTER TABLE credit_ledger FORCE ROW LEVEL SECURITY;

-- How a session's finalize was answered: a repeat is answered the same, whatever has become of it since.
ALTER TABLE sessions ADD COLUMN finalized_as text
  CHECK (finalized_as IN ('pending_processing', 'no_credits', 'raw_only'));
ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY;
UPDATE sessions
SET finalized_as = CASE WHEN status IN ('no_credits', 'raw_only') THEN status ELSE 'pending_processing' END
WHERE status <> 'open';
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;

-- cost_cents NULL: the tariff knows no price of that model on that day.
ALTER TABLE ai_usage
  ADD COLUMN input_tokens        integer NOT NULL DEFAULT 0 CHECK (input_tokens >= 0),
  ADD COLUMN cached_input_tokens integer NOT NULL DEFAULT 0 CHECK (cached_input_tokens >= 0),
  ADD COLUMN output_tokens       integer NOT NULL DEFAULT 0 CHECK (output_tokens >= 0),
  ALTER COLUMN cost_cents DROP DEFAULT,
  ALTER COLUMN cost_cents DROP NOT NULL;
-- 0001 knew no prices: its 0 was the column's default, and would be read as "free".
ALTER TABLE ai_usage NO FORCE ROW LEVEL SECURITY;
UPDATE ai_usage SET cost_cents = NULL WHERE provider <> 'local';
ALTER TABLE ai_usage FORCE ROW LEVEL SECURITY;

-- The id of a payment is our order number, and Stripe's idempotency key: one space for all users.
-- read_token is a fencing token: what was read of Stripe is written only by whoever claimed the reading last.
CREATE TABLE payments (
  user_id                  uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id                       uuid NOT NULL UNIQUE,
  stripe_session_id        text UNIQUE,
  stripe_payment_intent_id text UNIQUE,
  stripe_customer_id       text NOT NULL,
  package_id               text NOT NULL,
  credits_amount           integer NOT NULL CHECK (credits_amount > 0),
  amount_cents             integer NOT NULL CHECK (amount_cents > 0),
  currency                 text NOT NULL CHECK (currency ~ '^[a-z]{3}$'),
  livemode                 boolean NOT NULL,
  status                   text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'failed', 'refunded')),
  reason                   text,
  refunded_cents           integer NOT NULL DEFAULT 0 CHECK (refunded_cents >= 0),
  disputed_cents           integer NOT NULL DEFAULT 0 CHECK (disputed_cents >= 0),
  credits_taken_back       integer NOT NULL DEFAULT 0,
  read_token               bigint NOT NULL DEFAULT 0,
  created_at               timestamptz NOT NULL DEFAULT now(),
  updated_at               timestamptz NOT NULL DEFAULT now(),
  completed_at             timestamptz,
  PRIMARY KEY (user_id, id),
  CHECK (credits_taken_back BETWEEN 0 AND credits_amount)
);
CREATE INDEX payments_newest ON payments (user_id, created_at DESC, id DESC);
CREATE INDEX payments_pending ON payments (updated_at) WHERE status = 'pending';
CREATE INDEX payments_disputed ON payments (updated_at) WHERE disputed_cents > 0 AND status = 'completed';

-- What others tell us, by the sender's own id of the event, so that a second telling is seen as one. It holds what an
-- event is about, ids only: what happened is read again from the sender. No row belongs to a user.
CREATE TABLE inbox (
  source         text NOT NULL,
  event_id       text NOT NULL,
  id             uuid NOT NULL UNIQUE,
  queue          text NOT NULL,
  type           text NOT NULL,
  about          jsonb NOT NULL,
  state          text NOT NULL CHECK (state IN ('received', 'applied', 'ignored')),
  reason         text,
  attempts       integer NOT NULL DEFAULT 0,
  correlation_id text NOT NULL,
  occurred_at    timestamptz NOT NULL,
  received_at    timestamptz NOT NULL DEFAULT now(),
  due_at         timestamptz NOT NULL DEFAULT now(),
  settled_at     timestamptz,
  PRIMARY KEY (source, event_id)
);
CREATE INDEX inbox_due ON inbox (due_at) WHERE state = 'received';
CREATE INDEX inbox_settled ON inbox (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX inbox_newest ON inbox (received_at DESC, id DESC);

-- What an administrator did to whom, and why. It outlives the people it names.
CREATE TABLE audit_log (
  id              uuid PRIMARY KEY,
  actor_id        uuid NOT NULL,
  action          text NOT NULL,
  subject_user_id uuid,
  subject         text NOT NULL,
  reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  details         jsonb NOT NULL,
  correlation_id  text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_newest ON audit_log (created_at DESC, id DESC);

ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);

-- What reconciling and the administrator see across users.
CREATE POLICY sweep ON payments FOR SELECT TO second_brain_system USING (true);
CREATE POLICY sweep ON credit_ledger FOR SELECT TO second_brain_system USING (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON payments TO second_brain_app, second_brain_system;
-- An order may be taken back while no checkout of it is known; what somebody may have paid stays.
CREATE POLICY only_unopened ON payments AS RESTRICTIVE FOR DELETE
  USING (status = 'pending' AND stripe_session_id IS NULL);
-- Deleting a user takes their ledger along: not for the roles that serve requests.
REVOKE DELETE ON users FROM second_brain_app, second_brain_system;
GRANT INSERT ON trial_claims TO second_brain_app, second_brain_system;
GRANT SELECT, INSERT, UPDATE ON inbox TO second_brain_app, second_brain_system;
GRANT DELETE ON inbox TO second_brain_system;
GRANT SELECT, INSERT ON audit_log TO second_brain_system;

CREATE FUNCTION owner_of_order(p_order_id uuid)
RETURNS TABLE (user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.user_id
  FROM payments p
  WHERE p.id = p_order_id
$$;
GRANT CREATE ON SCHEMA public TO second_brain_system;
ALTER FUNCTION owner_of_order(uuid) OWNER TO second_brain_system;
REVOKE CREATE ON SCHEMA public FROM second_brain_system;
REVOKE ALL ON FUNCTION owner_of_order(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION owner_of_order(uuid) TO second_brain_app, second_brain_system;
