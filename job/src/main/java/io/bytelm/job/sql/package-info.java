/**
 * Flink SQL: the model provider {@code bytelm} for {@code CREATE MODEL} and {@code ML_PREDICT}, and the connectors {@code
 * bytelm-sessions} and {@code bytelm-scores}, between whose tables the session operator stands. It stands on the job's models
 * ({@code io.bytelm.job}), on how a document is scored ({@code job.likelihood.scoring}), on the session operator, on the beam, on
 * decoding and on the service port; nobody stands on it but Flink, which finds the factories by their {@code META-INF/services},
 * and programs that call {@link io.bytelm.job.sql.SessionScores}. What a user gave is read and refused where the query is
 * planned, and read again where it runs.
 */
@NullMarked
package io.bytelm.job.sql;

import org.jspecify.annotations.NullMarked;
