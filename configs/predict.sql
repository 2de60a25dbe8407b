-- A language model in Flink SQL, from rows of text to a table. On a stock distribution of Flink, in the project's directory:
--   java -jar job/target/bytelm.jar install --flink /opt/flink
--   /opt/flink/bin/start-cluster.sh
--   /opt/flink/bin/sql-client.sh -j job/target/bytelm-job.jar -f configs/predict.sql

SET 'sql-client.execution.result-mode' = 'tableau';

-- Flink has 10 rows of ML_PREDICT in work unless told otherwise, too few to fill the model's batches, and fails the job when
-- one of them takes three minutes. Neither is a model's to set.
SET 'table.exec.async-ml-predict.max-concurrent-operations' = '256';
SET 'table.exec.async-ml-predict.timeout' = '1 h';

-- Where the order of rows does not matter, a long one does not hold up those behind it.
SET 'table.exec.async-ml-predict.output-mode' = 'ALLOW_UNORDERED';

-- How probable a text is. Without 'model' or 'service' that is the small English model that comes with the program.
CREATE MODEL surprise
INPUT (content STRING)
OUTPUT (log_likelihood DOUBLE, bits_per_byte DOUBLE, byte_count BIGINT, surprisal_bits ARRAY<DOUBLE>, error STRING)
WITH ('provider' = 'bytelm', 'task' = 'score', 'k' = '5', 'prune-threshold' = '0.01');

CREATE TEMPORARY VIEW lines AS
SELECT * FROM (VALUES
  (1, 'It was a dark and stormy night.'),
  (2, 'It was a dork and starmy niqht.'),
  (3, CAST(NULL AS STRING))) AS t (id, content);

SELECT id, ROUND(log_likelihood, 3) AS log_likelihood, ROUND(bits_per_byte, 3) AS bits_per_byte, byte_count
FROM ML_PREDICT(TABLE lines, MODEL surprise, DESCRIPTOR(content));

-- Which byte comes next, after bytes that may stop anywhere.
CREATE MODEL continuation
INPUT (prefix BYTES)
OUTPUT (next_bytes ARRAY<ROW<byte INT, text STRING, logprob DOUBLE>>, entropy_bits DOUBLE)
WITH ('provider' = 'bytelm', 'task' = 'next', 'top' = '3');

CREATE TEMPORARY VIEW prefixes AS
SELECT * FROM (VALUES (1, x'49742077617320612064617220'), (2, x'53686520736169')) AS t (id, prefix);

SELECT id, text, ROUND(logprob, 3) AS logprob
FROM ML_PREDICT(TABLE prefixes, MODEL continuation, DESCRIPTOR(prefix))
CROSS JOIN UNNEST(next_bytes) AS n (byte, text, logprob);

-- Bytes that go on from a text and satisfy a constraint.
CREATE MODEL answer
INPUT (prompt STRING)
OUTPUT (output STRING, log_weight DOUBLE, complete BOOLEAN, reason STRING, error STRING)
WITH (
  'provider' = 'bytelm',
  'task' = 'decode',
  'json-schema' = '{"type": "object", "required": ["animal"], "additionalProperties": false,
                    "properties": {"animal": {"enum": ["dog", "cat", "horse"]}}}',
  'temperature' = '0');

CREATE TEMPORARY VIEW questions AS
SELECT * FROM (VALUES (1, 'He rode home on his '), (2, 'The barking of a ')) AS t (id, prompt);

SELECT id, output, ROUND(log_weight, 3) AS log_weight, complete
FROM ML_PREDICT(TABLE questions, MODEL answer, DESCRIPTOR(prompt));

-- A stream of lines to a table, whose rows TaskManagers print to their standard output.
CREATE TABLE generated (content STRING) WITH (
  'connector' = 'datagen',
  'number-of-rows' = '500',
  'fields.content.length' = '24');

CREATE TABLE printed (content STRING, bits_per_byte DOUBLE) WITH ('connector' = 'print');

INSERT INTO printed
SELECT content, bits_per_byte FROM ML_PREDICT(TABLE generated, MODEL surprise, DESCRIPTOR(content));
