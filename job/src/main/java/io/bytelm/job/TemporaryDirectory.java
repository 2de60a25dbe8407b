package io.bytelm.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that is deleted with all that is in it, also when the JVM is asked to end. */
public final class TemporaryDirectory implements AutoCloseable {
    private static final int ATTEMPTS = 10;
    private static final long PAUSE_MILLIS = 100;

    private final Path path;

    private TemporaryDirectory(Path path) {
        this.path = path;
    }

    public static TemporaryDirectory create(String prefix) throws IOException {
        TemporaryDirectory directory = new TemporaryDirectory(Files.createTempDirectory(prefix));
        Thread atEnd = new Thread(directory::close, "delete-" + directory.path.getFileName());
        Runtime.getRuntime().addShutdownHook(atEnd);
        return directory;
    }

    public Path path() {
        return path;
    }

    /** Tries again for a second: threads that are still ending may write here meanwhile. */
    @Override
    public void close() {
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(path); attempt++) {
            if (!deletedAll()) {
                pause();
            }
        }
    }

    private boolean deletedAll() {
        try (Stream<Path> found = Files.walk(path)) {
            List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
