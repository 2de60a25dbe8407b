package io.bytelm.job.likelihood.ownership;

import io.bytelm.job.UserException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** Another run has taken the output directory over: this one may write no more, also not after a restart. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class TakenOverException extends UserException {
    private static final long serialVersionUID = 1;

    TakenOverException(String message) {
        super(message);
    }
}
