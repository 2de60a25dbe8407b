/**
 * Flink SQL: the model provider {@code bytelm} for {@code CREATE MODEL} and {@code ML_PREDICT}. It stands on the job's models
 * ({@code io.bytelm.job}), on how a document is scored ({@code job.likelihood.scoring}), on the beam, on decoding and on the
 * service port; nobody stands on it but Flink, which finds {@link io.bytelm.job.sql.BytelmModelProviderFactory} by its
 * {@code META-INF/services}. What a user gave is read and refused where the query is planned, and read again where it runs.
 */
@NullMarked
package io.bytelm.job.sql;

import org.jspecify.annotations.NullMarked;
