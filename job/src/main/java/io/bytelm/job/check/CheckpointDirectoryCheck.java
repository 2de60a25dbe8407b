package io.bytelm.job.check;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.UUID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.jspecify.annotations.Nullable;

/**
 * Where a job's checkpoints go. Without a directory Flink keeps them in the JobManager's memory, 5 MB of each task and no
 * more: with larger sessions every checkpoint fails, no score appears, and the job cannot be stopped with a savepoint.
 */
public final class CheckpointDirectoryCheck {
    private static final String WHAT = "checkpoints";
    private static final String REMEDY =
            "--checkpoint-dir DIR, or execution.checkpointing.dir in Flink's config.yaml, on storage that every machine of the"
                    + " cluster reaches";
    private static final String IN_MEMORY = "jobmanager";

    private CheckpointDirectoryCheck() {}

    /**
     * @param job what the client knows of the job's configuration
     * @param cluster what the cluster says of its own, which counts where the job says nothing
     * @param isLocal whether the job runs in this process, and so on this machine
     */
    public static CheckLine line(Configuration job, Configuration cluster, boolean isLocal) {
        Configuration all = new Configuration(cluster);
        all.addAll(job);
        String directory = all.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
        if (directory == null) {
            return CheckLine.refused(
                    WHAT, "there is no directory for checkpoints, and Flink would keep them in memory; set " + REMEDY);
        }
        if (IN_MEMORY.equalsIgnoreCase(all.get(CheckpointingOptions.CHECKPOINT_STORAGE))) {
            return CheckLine.refused(
                    WHAT,
                    CheckpointingOptions.CHECKPOINT_STORAGE.key() + " is " + IN_MEMORY
                            + ", which keeps checkpoints in memory; remove it, and set " + REMEDY);
        }
        return tried(directory, isLocal);
    }

    private static CheckLine tried(String directory, boolean isLocal) {
        try {
            String trouble = troubleOfWriting(new Path(URI.create(directory)), isLocal);
            return trouble == null
                    ? CheckLine.ok(WHAT, directory + ", which can be written from here")
                    : CheckLine.unseen(WHAT, directory + ", " + trouble);
        } catch (IOException | IllegalArgumentException e) {
            String line = directory + " cannot be written from here (" + e.getMessage() + "); set " + REMEDY;
            return isLocal ? CheckLine.refused(WHAT, line) : CheckLine.warning(WHAT, line);
        }
    }

    /**
     * Writes a file and deletes it.
     *
     * @return why that cannot be tried from here; null if it went well
     */
    private static @Nullable String troubleOfWriting(Path directory, boolean isLocal) throws IOException {
        FileSystem files;
        try {
            files = directory.getFileSystem();
        } catch (UnsupportedFileSystemSchemeException e) {
            return "whose file system this process has no plugin for";
        }
        if (!isLocal && !files.isDistributedFS() && !files.exists(directory)) {
            return "which this machine does not have; every machine of the cluster must reach the same one";
        }
        boolean wasThere = files.exists(directory);
        files.mkdirs(directory);
        Path probe = new Path(directory, ".bytelm-check-" + UUID.randomUUID());
        try (OutputStream out = files.create(probe, WriteMode.NO_OVERWRITE)) {
            out.write(1);
        } finally {
            files.delete(wasThere ? probe : directory, !wasThere);
        }
        return null;
    }
}
