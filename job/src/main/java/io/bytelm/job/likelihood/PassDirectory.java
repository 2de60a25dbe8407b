package io.bytelm.job.likelihood;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where one model's pass over the documents keeps what it needs to go on: checkpoints, and the lines that are committed.
 *
 * <p>What the pass has come to can be read off: Flink commits lines only after a checkpoint is complete, and deletes
 * the checkpoints only when the job has finished. So lines without a checkpoint are those of a finished job.
 */
final class PassDirectory {
    private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d+)");
    private static final String METADATA = "_metadata";

    private final Path root;

    PassDirectory(Path root) {
        this.root = root;
    }

    Path rows() {
        return new Path(root, "rows");
    }

    Path rejects() {
        return new Path(root, "rejects");
    }

    Path spans() {
        return new Path(root, "spans");
    }

    Path checkpoints() {
        return new Path(root, "checkpoints");
    }

    private record Found(long number, Path path) {}

    /** The last checkpoint that was completed; a job that goes on from one continues its numbers. */
    @Nullable
    Path lastCheckpoint() throws IOException {
        List<Found> found = new ArrayList<>();
        for (FileStatus job : list(checkpoints())) {
            for (FileStatus candidate : list(job.getPath())) {
                Matcher name = CHECKPOINT.matcher(candidate.getPath().getName());
                if (name.matches() && files().exists(new Path(candidate.getPath(), METADATA))) {
                    found.add(new Found(Long.parseLong(name.group(1)), candidate.getPath()));
                }
            }
        }
        return found.stream()
                .max(Comparator.comparingLong(Found::number))
                .map(Found::path)
                .orElse(null);
    }

    /** Whether the job of this pass has finished. */
    boolean isFinished() throws IOException {
        return lastCheckpoint() == null
                && (!committed(rows()).isEmpty() || !committed(rejects()).isEmpty());
    }

    /** The files of lines that are committed; those being written have hidden names. */
    List<Path> committed(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        for (FileStatus file : list(directory)) {
            if (!file.getPath().getName().startsWith(".")) {
                files.add(file.getPath());
            }
        }
        return files;
    }

    private List<FileStatus> list(Path directory) throws IOException {
        try {
            FileStatus[] found = files().listStatus(directory);
            return found == null ? List.of() : List.of(found);
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    private FileSystem files() throws IOException {
        return root.getFileSystem();
    }
}
