DROP TRIGGER session_blocks_edited ON session_blocks;
DROP TABLE token_budgets;
DROP TABLE turn_blocks;
DROP TABLE conversation_turns;
DROP TABLE conversations;
DROP FUNCTION forget_turns_of_edited_block();
DROP FUNCTION forget_turns_of_gone_blocks();
