-- Ids come from the phone, or are made here; like all of the phone's they are unique per user.
CREATE TABLE conversations (
  user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  asked_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id)
);
CREATE INDEX conversations_idle ON conversations (user_id, asked_at);

-- What was asked and answered, so that the next question can follow on it. No answer: the notes did not hold it.
CREATE TABLE conversation_turns (
  user_id         uuid NOT NULL,
  id              uuid NOT NULL,
  conversation_id uuid NOT NULL,
  question        text NOT NULL,
  answer          text,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (user_id, id),
  FOREIGN KEY (user_id, conversation_id) REFERENCES conversations (user_id, id) ON DELETE CASCADE
);
CREATE INDEX conversation_turns_newest ON conversation_turns (user_id, conversation_id, created_at DESC, id DESC);

-- The blocks an answer may have been made of. When one of them goes, the turn goes: what a user deletes must not live
-- on in what was said about it.
CREATE TABLE turn_blocks (
  user_id  uuid NOT NULL,
  turn_id  uuid NOT NULL,
  block_id uuid NOT NULL,
  PRIMARY KEY (user_id, turn_id, block_id),
  FOREIGN KEY (user_id, turn_id) REFERENCES conversation_turns (user_id, id) ON DELETE CASCADE,
  FOREIGN KEY (user_id, block_id) REFERENCES session_blocks (user_id, id) ON DELETE CASCADE
);
CREATE INDEX turn_blocks_block ON turn_blocks (user_id, block_id);

CREATE FUNCTION forget_turns_of_gone_blocks() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM conversation_turns t USING gone WHERE t.user_id = gone.user_id AND t.id = gone.turn_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER turn_blocks_gone AFTER DELETE ON turn_blocks
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION forget_turns_of_gone_blocks();

-- A block's text that its user has changed is gone as well.
CREATE FUNCTION forget_turns_of_edited_block() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM conversation_turns t
  USING turn_blocks b
  WHERE b.user_id = OLD.user_id AND b.block_id = OLD.id AND t.user_id = b.user_id AND t.id = b.turn_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER session_blocks_edited AFTER UPDATE OF text_content ON session_blocks
  FOR EACH ROW WHEN (OLD.text_content IS NOT NULL AND OLD.text_content IS DISTINCT FROM NEW.text_content)
  EXECUTE FUNCTION forget_turns_of_edited_block();

-- Tokens a user has used on one day (UTC), those taken in advance included. One row: the newest day.
CREATE TABLE token_budgets (
  user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  day     date NOT NULL,
  tokens  bigint NOT NULL CHECK (tokens >= 0)
);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['conversations', 'conversation_turns', 'turn_blocks', 'token_budgets']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %I USING (user_id = nullif(current_setting(''app.user_id'', true), '''')::uuid)',
      tenant_table);
  END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON conversations, conversation_turns, turn_blocks, token_budgets
  TO second_brain_app, second_brain_system;
