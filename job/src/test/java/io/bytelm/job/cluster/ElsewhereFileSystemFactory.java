package io.bytelm.job.cluster;

import java.net.URI;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalFileSystem;

/** A plugin of Flink: what is under {@code elsewhere:///} lies on the local disk, and only this plugin finds it there. */
public final class ElsewhereFileSystemFactory implements FileSystemFactory {
    static final String SCHEME = "elsewhere";

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileSystem create(URI uri) {
        return new Elsewhere();
    }

    /** Differs from the local file system by its name. */
    static final class Elsewhere extends LocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create(SCHEME + ":///");
        }
    }
}
