package io.bytelm.job.cluster;

import java.io.File;
import java.net.URI;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

/** A plugin of Flink: files under {@code filling:///} lie on a disk that can be full. */
public final class FullDiskFileSystemFactory implements FileSystemFactory {
    static final String SCHEME = "filling";
    /** The setting that names the file which makes the disk full. */
    static final String MARKER = "fs.filling.full-while-exists";

    private File marker = new File("/");

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public void configure(Configuration configuration) {
        marker = new File(configuration.toMap().getOrDefault(MARKER, "/"));
    }

    @Override
    public FileSystem create(URI uri) {
        return new FullDiskFileSystem(URI.create(SCHEME + ":///"), marker);
    }
}
