DROP TABLE user_secrets;
