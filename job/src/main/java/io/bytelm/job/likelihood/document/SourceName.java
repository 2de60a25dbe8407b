package io.bytelm.job.likelihood.document;

import org.apache.flink.core.fs.Path;

/** How a file is called in the output: a local one by its path, any other by its URI. */
public final class SourceName {
    private SourceName() {}

    public static String of(Path path) {
        String scheme = path.toUri().getScheme();
        return scheme == null || scheme.equals("file") ? path.getPath() : path.toString();
    }
}
