DROP TRIGGER spending_counted ON ai_usage;
DROP FUNCTION count_spending();
DROP FUNCTION reserve_spend(uuid, uuid, integer);
DROP FUNCTION spending_of_today(uuid, numeric);
DROP TABLE spend_reservations, spending;
ALTER TABLE users DROP COLUMN daily_spend_cents;
