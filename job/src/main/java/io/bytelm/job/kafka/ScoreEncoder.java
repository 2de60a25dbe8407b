package io.bytelm.job.kafka;

import io.bytelm.record.OutputRecord.Result;
import java.io.Serializable;

/** The bytes of a score on the wire. */
@FunctionalInterface
public interface ScoreEncoder extends Serializable {
    byte[] encode(Result result);
}
