package io.bytelm.job;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a job goes on from: a checkpoint or savepoint, also given as the directory that a job keeps its checkpoints in. */
final class ResumePoint {
    /** Flink writes it last, so that a checkpoint without it did not complete. */
    private static final String METADATA = "_metadata";

    private static final int JOB_AND_CHECKPOINT = 2;

    private record Checkpoint(Path directory, FileTime completed) {
        static Checkpoint of(Path metadata) {
            try {
                return new Checkpoint(
                        metadata.toAbsolutePath().resolveSibling(""), Files.getLastModifiedTime(metadata));
            } catch (IOException e) {
                throw new UserException("--resume-from: cannot read " + metadata + ": " + e.getMessage(), e);
            }
        }
    }

    private ResumePoint() {}

    /**
     * The checkpoint or savepoint.
     *
     * @param given what is not a directory of this machine is left to Flink, which may see it elsewhere
     * @throws UserException if the directory holds no checkpoint that has completed
     */
    static String in(String given) {
        Path directory = pathOf(given);
        if (directory == null || !Files.isDirectory(directory) || Files.exists(directory.resolve(METADATA))) {
            return given;
        }
        try (Stream<Path> found =
                Files.find(directory, 1 + JOB_AND_CHECKPOINT, (path, attributes) -> path.endsWith(METADATA))) {
            return found.map(Checkpoint::of)
                    .max(Comparator.comparing(Checkpoint::completed))
                    .map(newest -> newest.directory().toUri().toString())
                    .orElseThrow(() -> new UserException("--resume-from: there is no completed checkpoint in " + given
                            + "; a job keeps them there when it is started with --checkpoint-dir " + given));
        } catch (IOException e) {
            throw new UserException("--resume-from: cannot read " + given + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Path pathOf(String given) {
        if (!given.contains(":/")) {
            return Path.of(given);
        }
        return given.startsWith("file:") ? Path.of(URI.create(given)) : null;
    }
}
