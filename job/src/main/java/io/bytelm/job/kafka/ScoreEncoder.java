package io.bytelm.job.kafka;

import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.wire.Shortening;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** The bytes of a score on the wire. */
@FunctionalInterface
public interface ScoreEncoder extends Serializable {
    /** @param shortening what is left out of a score that is too large; null to write all of it */
    byte[] encode(Result result, @Nullable Shortening shortening);
}
