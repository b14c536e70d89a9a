DROP TABLE bucket_rounds;
DROP TABLE media_uploads;
