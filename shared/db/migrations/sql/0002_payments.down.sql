-- Ledger rows that moved a debt alone have no place in 0001, whose balance knows no debt.
GRANT DELETE ON users TO second_brain_app, second_brain_system;
DROP FUNCTION owner_of_order(uuid);
DROP POLICY sweep ON credit_ledger;
DROP TABLE audit_log, inbox, payments, trial_claims;
ALTER TABLE ai_usage
  DROP COLUMN input_tokens,
  DROP COLUMN cached_input_tokens,
  DROP COLUMN output_tokens,
  ALTER COLUMN cost_cents SET DEFAULT 0;
ALTER TABLE ai_usage NO FORCE ROW LEVEL SECURITY;  -- as in the way up
UPDATE ai_usage SET cost_cents = 0 WHERE cost_cents IS NULL;
ALTER TABLE ai_usage FORCE ROW LEVEL SECURITY;
ALTER TABLE ai_usage ALTER COLUMN cost_cents SET NOT NULL;
ALTER TABLE sessions DROP COLUMN finalized_as;
DROP INDEX credit_ledger_newest;
ALTER TABLE credit_ledger NO FORCE ROW LEVEL SECURITY;
DELETE FROM credit_ledger WHERE delta = 0;
ALTER TABLE credit_ledger FORCE ROW LEVEL SECURITY;
ALTER TABLE credit_ledger
  DROP CONSTRAINT credit_ledger_moves,
  ADD CONSTRAINT credit_ledger_delta_check CHECK (delta <> 0),
  DROP CONSTRAINT credit_ledger_once,
  ADD CONSTRAINT credit_ledger_user_id_reason_ref_key UNIQUE (user_id, reason, ref),
  DROP COLUMN debt_after,
  DROP COLUMN debt_delta;
ALTER TABLE users DROP CONSTRAINT users_credits_or_debt, DROP COLUMN credit_debt;
