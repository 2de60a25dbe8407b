-- Sessions in Flink SQL: rows with the bytes of many sessions, in pieces that are cut anywhere, to rows with scores. On a stock
-- distribution of Flink, in the project's directory:
--   java -jar job/target/bytelm.jar install --flink /opt/flink
--   /opt/flink/bin/start-cluster.sh
--   /opt/flink/bin/sql-client.sh -j job/target/bytelm-job.jar -f configs/sessions.sql

SET 'sql-client.execution.result-mode' = 'tableau';
SET 'table.display.max-column-width' = '120';
SET 'execution.checkpointing.interval' = '10 s';

-- The next statement begins when the one before has ended.
SET 'table.dml-sync' = 'true';

-- What is inserted here goes to the model. Without 'model' or 'service' that is the small English model that comes with the
-- program.
CREATE TABLE sessions (session STRING, content STRING, op STRING, source_timestamp TIMESTAMP(3)) WITH (
  'connector' = 'bytelm-sessions',
  'k' = '5',
  'prune-threshold' = '0.01',
  'top' = '3');

-- What the model says of it. Its watermarks are those of the inserted rows.
CREATE TABLE scores (
  session STRING,
  event STRING,
  byte_count BIGINT,
  chunk_bytes BIGINT,
  chunk_log_likelihood DOUBLE,
  log_likelihood DOUBLE,
  next_bytes ARRAY<ROW<byte INT, text STRING, logprob DOUBLE>>,
  text STRING,
  error STRING,
  source_timestamp TIMESTAMP(3),
  WATERMARK FOR source_timestamp AS SOURCE_WATERMARK()
) WITH ('connector' = 'bytelm-scores', 'sessions' = 'sessions');

-- Any query can be inserted. Here a text in two pieces, one after a prompt, one that the model writes, and a mistake.
CREATE TEMPORARY VIEW messages AS
SELECT session, op, NULLIF(content, '') AS content FROM (VALUES
  ('first',  'bytes', 'It was a dark and st'),
  ('second', 'open',  '{"prompt": "Sherlock Hol"}'),
  ('first',  'bytes', 'ormy night.'),
  ('second', 'bytes', 'mes rose.'),
  ('third',  'open',  '{"mode": "driven", "prompt": "He rode home on his ", "emit": "end", "seed": 1,
                       "constraint": {"kind": "choices", "source": ["horse", "bicycle", "dragon"]}}'),
  ('second', 'close', ''),
  ('first',  'end',   '')) AS t (session, op, content);

CREATE TABLE answers (answer STRING) WITH (
  'connector' = 'filesystem',
  'path' = '/tmp/bytelm-answers',
  'format' = 'raw');

-- The INSERT into the sessions stands before those that read what they say; all of them are one job.
EXECUTE STATEMENT SET BEGIN
INSERT INTO sessions (session, op, content) SELECT session, op, content FROM messages;
INSERT INTO answers
SELECT JSON_OBJECT(
  KEY 'session' VALUE session,
  KEY 'event' VALUE event,
  KEY 'byte_count' VALUE byte_count,
  KEY 'log_likelihood' VALUE ROUND(log_likelihood, 3),
  KEY 'next' VALUE next_bytes[1].text,
  KEY 'text' VALUE text,
  KEY 'error' VALUE error ABSENT ON NULL)
FROM scores;
END;

SELECT * FROM answers;

-- A stream with event time: how surprising all sessions together are in each ten seconds. TaskManagers print these rows to
-- their standard output.
CREATE TABLE generated (
  session STRING,
  content STRING,
  sent_at TIMESTAMP(3),
  WATERMARK FOR sent_at AS sent_at - INTERVAL '1' SECOND
) WITH (
  'connector' = 'datagen',
  'number-of-rows' = '500',
  'fields.session.length' = '1',
  'fields.content.length' = '24');

CREATE TABLE printed (window_end TIMESTAMP(3), pieces BIGINT, bits_per_byte DOUBLE) WITH ('connector' = 'print');

EXECUTE STATEMENT SET BEGIN
INSERT INTO sessions (session, content, source_timestamp) SELECT session, content, sent_at FROM generated;
INSERT INTO printed
SELECT window_end, COUNT(*), -SUM(chunk_log_likelihood) / LN(2) / SUM(chunk_bytes)
FROM TABLE(TUMBLE(TABLE scores, DESCRIPTOR(source_timestamp), INTERVAL '10' SECOND))
WHERE event = 'chunk'
GROUP BY window_start, window_end;
END;
