package io.bytelm.job.likelihood.document;

import io.bytelm.job.UserException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.jspecify.annotations.Nullable;

/**
 * The input is not there as it was when the run began: a file system or a network does not answer, or a file has changed.
 * That is never a fault of a document, so it ends the run; it comes after all patience is spent, so the job does not start
 * again by itself.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class InputFailure extends UserException {
    private static final long serialVersionUID = 1;

    InputFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
