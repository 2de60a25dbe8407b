package io.bytelm.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that is deleted with all that is in it, also when the JVM is asked to end. */
public final class TemporaryDirectory implements AutoCloseable {
    private final Path path;
    private final Thread atEnd;

    private TemporaryDirectory(Path path) {
        this.path = path;
        this.atEnd = new Thread(this::delete, "delete-" + path.getFileName());
    }

    public static TemporaryDirectory create(String prefix) throws IOException {
        TemporaryDirectory directory = new TemporaryDirectory(Files.createTempDirectory(prefix));
        Runtime.getRuntime().addShutdownHook(directory.atEnd);
        return directory;
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        delete();
    }

    private void delete() {
        try (Stream<Path> found = Files.walk(path)) {
            List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // a thread that still ends may write here; what is left is in the system's temporary directory
        }
    }
}
