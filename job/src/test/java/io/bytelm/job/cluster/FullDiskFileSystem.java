package io.bytelm.job.cluster;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalDataOutputStream;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.core.fs.local.LocalRecoverableWriter;

/** The local disk, which takes no more bytes while a file exists. */
final class FullDiskFileSystem extends LocalFileSystem {
    private final URI uri;
    private final File marker;

    FullDiskFileSystem(URI uri, File marker) {
        this.uri = uri;
        this.marker = marker;
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode overwrite) throws IOException {
        requireSpace();
        FSDataOutputStream local = super.create(path, overwrite); // creates the directories
        local.close();
        return new LocalDataOutputStream(pathToFile(path)) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                requireSpace();
                super.write(bytes, from, length);
            }
        };
    }

    /** Flink writes its metadata by {@link #create} where there is none. */
    @Override
    public LocalRecoverableWriter createRecoverableWriter() {
        throw new UnsupportedOperationException("files appear as they are written here");
    }

    private void requireSpace() throws IOException {
        if (marker.exists()) {
            throw new IOException("No space left on device");
        }
    }
}
