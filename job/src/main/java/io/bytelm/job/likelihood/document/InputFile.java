package io.bytelm.job.likelihood.document;

import java.io.Serializable;

/**
 * A file to read.
 *
 * @param uri where it is, for any of Flink's file systems
 * @param length in bytes
 * @param modifiedMillis when it was last changed
 */
public record InputFile(String uri, long length, long modifiedMillis) implements Serializable {
    private static final long serialVersionUID = 1;
}
